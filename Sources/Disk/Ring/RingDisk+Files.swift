import Ring

extension RingDisk {
  /// The place of a file, opened if it was not, and counted for nobody yet.
  func place(of file: StoreFile, direct: Bool) throws(DiskError) -> Int {
    let key = FileTable.Key(file: file, direct: direct && directory.direct)
    if let place = table.place(of: key) { return place }
    let opened = try directory.open(file, key.direct ? .direct : [])
    if !key.direct { opened.expectRandomReads() }
    return try insert(opened, as: key)
  }

  func create(_ file: StoreFile) throws(DiskError) -> OpenFile {
    try directory.open(file, directory.direct ? [.create, .direct] : .create)
  }

  func insert(_ opened: OpenFile, of file: StoreFile) throws(DiskError) -> Int {
    try insert(opened, as: FileTable.Key(file: file, direct: directory.direct))
  }

  func remove(_ file: StoreFile) throws(DiskError) {
    try directory.remove(file)
    for place in table.forget(file) { empty(place) }
    grown.remove(file)
  }

  /// Lets the ring go of a file whose place has become free.
  func empty(_ place: Int?) {
    guard let place else { return }
    // Fails only for a place that the table does not have.
    try? ring.setFile(nil, at: place)
  }

  private func insert(
    _ opened: OpenFile,
    as key: FileTable.Key
  ) throws(DiskError) -> Int {
    // Flights are fewer than places, so one of these always rests.
    guard let place = table.insert(opened, as: key) else {
      preconditionFailure("a file that nothing uses makes room")
    }
    do {
      try ring.setFile(opened, at: place)
    } catch {
      for emptied in table.forget(key.file) { empty(emptied) }
      throw DiskError(error)
    }
    return place
  }
}
