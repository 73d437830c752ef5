import Foundation

/// A certificate authority of a test, and a server's certificate for localhost and 127.0.0.1, both
/// made by openssl in the shell's home: `ca.pem`, `chain.pem`, `key.pem`.
enum TestAuthority {
  /// Leaf and authority are two: some clients refuse a server's certificate that may sign others.
  static let script = """
    new() { openssl ecparam -name prime256v1 -genkey -noout -out $1; }
    new ca.key; new key.pem
    openssl req -x509 -new -key ca.key -days 2 -subj '/CN=Larder test' -out ca.pem \
      -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
    openssl req -new -key key.pem -subj '/CN=localhost' -out leaf.csr
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\\nbasicConstraints=CA:FALSE\\n' > ext
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days ${days:-2} \
      -extfile ext -out leaf.pem
    cat leaf.pem ca.pem > chain.pem

    """

  /// Whether a process can have a trust store of its own: a bundle mounted over the system's in a
  /// name space of mounts.
  static let canBeTrusted: Bool = {
    let probe = "test -f \(bundle) && unshare -rm mount --bind \(bundle) \(bundle)"
    guard let shell = try? Shell() else { return false }
    defer { shell.remove() }
    return (try? shell.run(probe).succeeded) ?? false
  }()

  /// The system's trust store, which SwiftPM reads and nothing can override.
  static let bundle = "/etc/ssl/certs/ca-certificates.crt"

  /// Runs a shell's file in a world that trusts the authority.
  static func trusting(_ file: String) -> String {
    """
    cat \(bundle) ca.pem > bundle.pem
    unshare -rm bash -e -c "mount --bind bundle.pem \(bundle); . ./\(file)"
    """
  }

  /// Script lines for ``trusting(_:)`` that give SwiftPM a home without settings.
  ///
  /// It takes its home from the password database, and what the AWS tools start cannot be told
  /// another: a folder is mounted there, with all else that was in it.
  static let emptyHome = """
    real=$(getent passwd 0 | cut -d: -f6); mkdir house
    for entry in $real/.[!.]* $real/*; do
      name=${entry##*/}
      case $name in .swiftpm | .netrc | .cache | '*' | '.[!.]*') continue ;; esac
      if [ -d "$entry" ]; then mkdir "house/$name"; else touch "house/$name"; fi
      mount --rbind "$entry" "house/$name"
    done
    mount --rbind house $real; export HOME=$real
    """
}
