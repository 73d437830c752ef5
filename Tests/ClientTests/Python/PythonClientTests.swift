import Foundation
import Testing

/// The way of a newcomer, with the real clients, against a public index of our own.
@Suite("Python clients", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct PythonClientTests {
  private let login = PythonLab.login

  private func install(_ requirement: String, into venv: String) -> String {
    """
    python3 -m venv \(venv)
    \(venv)/bin/pip install --no-cache-dir '\(requirement)'
    \(venv)/bin/pip list
    """
  }

  @Test func `pip installs through a downstream repository, and again with the upstream gone`()
    throws
  {
    try PythonLab.run { lab in
      let (shell, server, index) = (lab.shell, lab.server, lab.index)
      let cold = try shell.run(login + "pip\n" + install("demo-root", into: "one"))
      #expect(cold.succeeded, "\(cold.output)")
      #expect(cold.output.contains("demo-leaf-l"))
      #expect(cold.output.contains(/demo-root +1\.0/), "1.1 is yanked: \(cold.output)")
      index.stop()
      let offline = try shell.run(install("demo-root", into: "two"))
      #expect(offline.succeeded, "\(offline.output)\n\(server.said)")
      #expect(offline.output.contains("demo-leaf-l"))
    }
  }

  @Test(arguments: ["429", "500", "down", "slow"])
  func `an upstream that misbehaves does not break a build`(mode: String) throws {
    // Nothing is fresh, so that every page asks the upstream again.
    try PythonLab.run(flags: ["--freshness", "0"]) { lab in
      let (shell, server, index) = (lab.shell, lab.server, lab.index)
      let cold = try shell.run(login + "pip\n" + install("demo-root", into: "one"))
      try #require(cold.succeeded, "\(cold.output)")
      try index.behave(mode)
      let again = try shell.run(install("demo-root", into: "two"))
      #expect(again.succeeded, "\(again.output)\n\(server.said)")
    }
  }

  @Test func `a killed server has lost nothing that it had served`() throws {
    try PythonLab.run { lab in
      let (shell, server, index) = (lab.shell, lab.server, lab.index)
      let cold = try shell.run(login + "pip\n" + install("demo-root", into: "one"))
      try #require(cold.succeeded, "\(cold.output)")
      server.kill()
      index.stop()
      let port = server.address.split(separator: ":").last.map(String.init) ?? "0"
      let second = try LarderServer(
        data: server.data,
        upstream: "http://127.0.0.1:9/simple/",
        flags: ["--listen", "127.0.0.1:\(port)"]
      )
      defer { second.stop() }
      let again = try shell.run(install("demo-root", into: "two"))
      #expect(again.succeeded, "\(again.output)\n\(second.said)")
    }
  }

  private let project = """
    mkdir -p mine/src/mine
    cat > mine/pyproject.toml <<'END'
    [build-system]
    requires = ["setuptools"]
    build-backend = "setuptools.build_meta"
    [project]
    name = "Mine.Own"
    version = "1.0"
    requires-python = ">=3.8"
    END
    echo 'VALUE = 1' > mine/src/mine/__init__.py
    (cd mine && python -m build --no-isolation --outdir ../dist .)

    """

  @Test func `what twine uploads, pip, uv and poetry install; other bytes are refused`() throws {
    try PythonLab.run { lab in
      let (shell, server) = (lab.shell, lab.server)
      let upload = "twine upload --non-interactive --disable-progress-bar -r codeartifact dist/*\n"
      let published = try shell.run(project + login + "twine\n" + upload + login + "pip")
      try #require(published.succeeded, "\(published.output)\n\(server.said)")
      let again = try shell.run(upload)
      #expect(again.succeeded, "the same bytes again are fine: \(again.output)")
      let changed = try shell.run(
        "echo 'VALUE = 2' > mine/src/mine/__init__.py; rm dist/*\n"
          + "(cd mine && python -m build --no-isolation --outdir ../dist .)\n" + upload
      )
      #expect(!changed.succeeded)
      #expect(changed.output.contains("409"), "\(changed.output)")
      let value = "import mine; print(\"value\", mine.VALUE)"
      let pip = try shell.run(install("mine-own", into: "one") + "\none/bin/python -c '\(value)'")
      #expect(pip.succeeded && pip.output.contains("value 1"), "\(pip.output)")
      let source = try shell.run(
        "pip download --no-deps --no-binary :all: --no-build-isolation --no-cache-dir "
          + "-d sdist mine-own; ls sdist"
      )
      #expect(source.succeeded, "\(source.output)")
      #expect(source.output.lowercased().contains("own-1.0.tar.gz"), "\(source.output)")
      let uv = try shell.run(
        """
        index=$(pip config get global.index-url)
        uv venv --quiet two
        UV_NO_CONFIG=1 uv pip install --no-cache --python two/bin/python \
          --default-index "$index" mine-own demo-root
        two/bin/python -c '\(value)'
        """
      )
      #expect(uv.succeeded && uv.output.contains("value 1"), "\(uv.output)\n\(server.said)")
      let poetry = try shell.run(
        """
        index=$(pip config get global.index-url)
        token=$(echo "$index" | sed 's#.*aws:\\([^@]*\\)@.*#\\1#')
        plain=$(echo "$index" | sed 's#aws:[^@]*@##')
        export POETRY_CONFIG_DIR=$PWD/pc POETRY_CACHE_DIR=$PWD/pk POETRY_VIRTUALENVS_PATH=$PWD/pv
        export POETRY_HTTP_BASIC_TEAM_USERNAME=aws POETRY_HTTP_BASIC_TEAM_PASSWORD=$token
        mkdir app; cd app
        poetry init -n --name app --python '>=3.9'
        poetry source add --priority primary team "$plain"
        poetry add mine-own demo-root
        poetry run python -c '\(value)'
        """
      )
      #expect(poetry.succeeded && poetry.output.contains("value 1"), "\(poetry.output)")
    }
  }

  /// Acceptance 3: one fetch for fifty clients, and memory that does not follow the file.
  @Test func `fifty clients at once cause one fetch of a cold wheel`() throws {
    let byteCount = 112 << 20
    try PythonLab.run(bigByteCount: byteCount) { lab in
      let (shell, server, index) = (lab.shell, lab.server, lab.index)
      let before = try shell.run(
        login + "pip\n" + "curl -sf \"$(pip config get global.index-url)demo-big/\" -o /dev/null"
      )
      try #require(before.succeeded, "\(before.output)")
      let resident = server.residentByteCount
      let crowd = try shell.run(
        """
        url="$(pip config get global.index-url)demo-big/1.0/demo_big-1.0-py3-none-any.whl"
        for i in $(seq 50); do
          (curl -sf "$url" | sha256sum | cut -d' ' -f1 > sum.$i) &
        done
        peak=0
        while [ -n "$(jobs -rp)" ]; do
          now=$(awk '/VmRSS/ {print $2}' /proc/\(server.processIdentifier)/status)
          [ "$now" -gt "$peak" ] && peak=$now
          sleep 0.1
        done
        echo "peak $peak"
        cat sum.* | sort | uniq -c
        """
      )
      let fetches = try index.requests().filter { $0 == "GET /files/demo_big-1.0-py3-none-any.whl" }
      #expect(fetches.count == 1, "\(fetches.count) fetches\n\(server.said)")
      let sums = crowd.output.split(separator: "\n").filter { $0.contains("50 ") }
      #expect(sums.count == 1, "fifty equal sums: \(crowd.output)")
      let peak =
        crowd.output.split(separator: "\n").first { $0.hasPrefix("peak ") }
        .flatMap { Int($0.dropFirst(5)) } ?? Int.max
      #expect(peak * 1024 - resident < byteCount, "\(peak) KiB at the peak, \(resident) B before")
    }
  }
}
