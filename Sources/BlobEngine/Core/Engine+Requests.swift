import Bytes

/// The desk: each request goes to whoever does it.
extension Engine {
  mutating func accept(_ what: EngineRequest, as request: RequestID) {
    guard mode.isOpen else { return reply(request, failure: .closed) }
    switch what {
    case .put(let blob, let durability): change(blob.key, .put(request, blob, durability))
    case .delete(let key): change(key, .delete(request, nil))
    case .undelete(let key): change(key, .undelete(request))
    case .token: takeToken(for: request)
    case .collect(let key, let token): change(key, .delete(request, token))
    case .admit(let byteCount): admit(byteCount, for: request)
    case .beginUpload(let durability, let probe): beginUpload(durability, probe, for: request)
    case .append(let upload, let extent): append(extent, to: upload, for: request)
    case .finishUpload(let upload, let name): finishUpload(upload, name, for: request)
    case .cancelUpload(let upload): cancelUpload(upload, for: request)
    case .readUpload(let upload, let offset, let byteCount):
      readUpload(upload, offset, byteCount, for: request)
    case .read(let key, let range): read(key, range, for: request)
    case .readOn(let reader): readOn(reader, for: request)
    case .endRead(let reader):
      endRead(reader)
      reply(request, .cancelled)
    case .stat(let key): stat(key, for: request)
    case .enrich(let key, let digests): change(key, .enrich(request, digests))
    case .list(let cursor): list(after: cursor, for: request)
    case .explain(let key): explain(key, for: request)
    case .scrub(let cursor): scrub(after: cursor, for: request)
    case .announce(let features): announce(features, for: request)
    case .beginSharing(let key): beginSharing(key, for: request)
    case .haveChunks(let keys): haveChunks(keys, for: request)
    case .putChunk(let sharing, let chunk): putChunk(chunk, of: sharing, for: request)
    case .readDraft(let sharing, let draft): readDraft(draft, of: sharing, for: request)
    case .finishSharing(let sharing, let digest):
      finishSharing(sharing, rebuilt: digest, for: request)
    case .cancelSharing(let sharing): cancelSharing(sharing, for: request)
    case .compact: compact(for: request)
    case .recompress: compact(recompressing: true, for: request)
    case .recompressed(let id, let results):
      take(results, of: id)
      reply(request, .cancelled)
    case .usage: reply(request, .usage(usage()))
    case .checkpoint: checkpoint(for: request)
    case .close: close(for: request)
    }
  }
}
