import Foundation
import Testing

/// Installs from a lock file into new environments, with caches that are new each time; uploads of
/// other bytes under a known version; and what was yanked.
@Suite("Locked Python installs", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct PythonLockTests {
  private let proof = "-c 'import demo_root, demo_leaf_l; print(\"root\", demo_root.VERSION)'"

  private func run(_ script: String, in lab: PythonLab) throws -> Outcome {
    let outcome = try lab.shell.run(PythonLab.tools + script)
    #expect(outcome.succeeded, "\(outcome.output)\n\(lab.server.said)")
    return outcome
  }

  /// The pip of this Python, and the newest.
  static let pips = ["pip", Checkout.root.appendingPathComponent(".venv-pip/bin/pip").path]

  @Test(arguments: pips)
  func `pip takes no yanked version unasked, and installs by hashes with the upstream gone`(
    pip: String
  ) throws {
    try PythonLab.run(flags: ["--freshness", "0"]) { lab in
      let install = """
        install() {
          local venv=$1; shift
          python3 -m venv --without-pip $venv
          \(pip) --python $venv/bin/python install --no-cache-dir "$@"
          $venv/bin/python \(proof)
        }

        """
      let cold = try run(
        install + """
          install one demo-root
          \(pip) --python one/bin/python install --no-cache-dir --quiet --ignore-installed \
            --dry-run --report report.json demo-root
          python3 - > requirements.txt <<'END'
          import json
          for item in json.load(open("report.json"))["install"]:
              data, hashes = item["metadata"], item["download_info"]["archive_info"]["hashes"]
              print(f"{data['name']}=={data['version']} --hash=sha256:{hashes['sha256']}")
          END
          [ $(grep -c -- --hash= requirements.txt) = 13 ]
          install two --require-hashes -r requirements.txt
          sed 's/\\(root.*sha256:\\)../\\1zz/' requirements.txt | tr z 0 > wrong.txt
          refused 'DO NOT MATCH' install three --require-hashes -r wrong.txt
          install four demo-root==1.1 demo-leaf-l
          """,
        in: lab
      )
      #expect(cold.output.components(separatedBy: "root 1.0\n").count == 3, "\(cold.output)")
      #expect(cold.output.contains("root 1.1\n"), "\(cold.output)")
      #expect(cold.output.contains("broken on Mondays"), "\(cold.output)")
      lab.index.stop()
      let offline = try run(
        install + "install five --require-hashes -r requirements.txt",
        in: lab
      )
      #expect(offline.output.contains("root 1.0\n"), "\(offline.output)")
    }
  }

  private let uvProject = """
    mkdir -p app; cd app
    cat > pyproject.toml <<END
    [project]
    name = "app"
    version = "1.0"
    requires-python = ">=3.8"
    dependencies = ["demo-root"]
    [[tool.uv.index]]
    name = "team"
    url = "$PLAIN"
    publish-url = "$LEGACY"
    default = true
    END
    sync() {
      rm -rf .venv; UV_CACHE_DIR=$HOME/cache-$1 uv sync --quiet --frozen
      .venv/bin/python \(#"-c 'import demo_root, demo_leaf_l; print("root", demo_root.VERSION)'"#)
    }

    """

  @Test func `uv locks, and syncs from its lock with the upstream gone`() throws {
    try PythonLab.run(flags: ["--freshness", "0"]) { lab in
      let cold = try run(
        uvProject + """
          uv lock; sync one; sync two
          grep -A 1 'name = "demo-root"' uv.lock
          """,
        in: lab
      )
      #expect(cold.output.components(separatedBy: "root 1.0\n").count == 3, "\(cold.output)")
      #expect(cold.output.contains("version = \"1.0\""), "\(cold.output)")
      lab.index.stop()
      let offline = try run(
        uvProject + "sync three; rm uv.lock; UV_CACHE_DIR=$HOME/cache-four uv lock; sync four",
        in: lab
      )
      #expect(offline.output.components(separatedBy: "root 1.0\n").count == 3, "\(offline.output)")
    }
  }

  @Test func `uv publishes once, skips what is the same, and is refused what is not`() throws {
    try PythonLab.run { lab in
      let published = try run(
        uvProject + """
          wheel 1.0 1
          up() { uv publish --publish-url "$LEGACY" --token "$TOKEN" "$@" dist/*; }
          up
          up --check-url "$INDEX"
          wheel 1.0 2
          refused 409 up
          refused 'do not match\\|not match' up --check-url "$INDEX"
          UV_CACHE_DIR=$HOME/cache uv run --no-project --default-index "$INDEX" --with mine-own \
            python -c 'import mine; print("value", mine.VALUE)'
          """,
        in: lab
      )
      #expect(published.output.contains("already exists, skipping"), "\(published.output)")
      #expect(published.output.contains("value 1\n"), "\(published.output)")
    }
  }

  private let poetryProject = """
    mkdir -p app; cd app
    export POETRY_VIRTUALENVS_PATH=$HOME/venvs
    again() {
      rm -rf $HOME/venvs; POETRY_CACHE_DIR=$HOME/poetry-$1 poetry install --no-root
      poetry run python \(#"-c 'import demo_root, demo_leaf_l; print("root", demo_root.VERSION)'"#)
    }

    """

  @Test func `poetry installs from its lock, and with the upstream gone`() throws {
    try PythonLab.run(flags: ["--freshness", "0"]) { lab in
      let cold = try run(
        poetryProject + """
          poetry init -n --name app --python '>=3.9'
          poetry source add --priority primary team "$PLAIN"
          POETRY_CACHE_DIR=$HOME/poetry-one poetry add --lock demo-root
          grep -A 1 'name = "demo-root"' poetry.lock; again two
          """,
        in: lab
      )
      #expect(cold.output.contains("version = \"1.0\""), "\(cold.output)")
      #expect(cold.output.contains("root 1.0\n"), "\(cold.output)")
      lab.index.stop()
      let offline = try run(poetryProject + "again three", in: lab)
      #expect(offline.output.contains("root 1.0\n"), "\(offline.output)")
    }
  }

  @Test func `poetry is refused other bytes, and skips them when it is told to`() throws {
    try PythonLab.run { lab in
      let published = try run(
        """
        export POETRY_CACHE_DIR=$HOME/cache
        wheel 1.0 1; mkdir app; cd app; mv ../dist .
        cat > pyproject.toml <<'END'
        [project]
        name = "mine-own"
        version = "1.0"
        END
        poetry config repositories.team "$LEGACY"
        poetry publish -n -r team; poetry publish -n -r team
        rm dist/*; wheel 1.0 2
        refused 409 poetry publish -n -r team
        poetry publish -n -r team --skip-existing
        pip download --quiet --no-cache-dir --no-deps -d got mine-own
        unzip -p got/*.whl mine.py
        """,
        in: lab
      )
      #expect(published.output.contains("VALUE = 1"), "\(published.output)")
    }
  }
}
