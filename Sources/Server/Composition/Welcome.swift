/// What the first start prints: the next commands to type.
struct Welcome {
  let data: String

  var text: String {
    """

    This is the first start: an account, an administrator and an access key were made, and kept in
    \(data)/credentials.json (mode 0600). In another terminal, type next:

      eval "$(larder env --data \(data))"
      aws codeartifact create-domain --domain acme
      aws codeartifact create-repository --domain acme --repository pypi-store && \\
        aws codeartifact associate-external-connection --domain acme \\
          --repository pypi-store --external-connection public:pypi && \\
        aws codeartifact login --tool pip --domain acme --repository pypi-store

    """
  }
}
