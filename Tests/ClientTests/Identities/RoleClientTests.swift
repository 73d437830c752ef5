import Foundation
import Testing

/// Users and roles as people and CI jobs have them: `larder iam`, the AWS CLI and the SDK,
/// unmodified.
@Suite("Roles with the AWS CLI", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct RoleClientTests {
  private static let setUp = """
    larder() { \(LarderServer.program) "$@"; }
    eval "$(larder env --data "$DATA")"
    account=$(aws sts get-caller-identity --query Account --output text)
    aws codeartifact create-domain --domain shop
    aws codeartifact create-repository --domain shop --repository store
    """

  /// Runs a script against a server of its own.
  private func run(_ script: String) throws -> Outcome {
    let index = try FakeIndex()
    defer { index.stop() }
    let server = try LarderServer(upstream: index.simple)
    defer { server.remove() }
    var shell = try Shell()
    defer { shell.remove() }
    shell.environment = ["DATA": server.data.path, "SUPPORT": Checkout.support("")]
    return try shell.run(Self.setUp + "\n" + script)
  }

  @Test func `a user takes on a role, logs pip in and loses it all at once`() throws {
    let run = try run(
      """
      larder iam user create ann --tag team=core
      larder iam key create --user ann > key
      grep -q '^secret: ' key
      cat > trust.json <<END
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
       "Principal":{"AWS":"arn:aws:iam::$account:user/ann"}}]}
      END
      larder iam role create ci --trust trust.json
      larder iam policy put AWSCodeArtifactReadOnlyAccess --role ci
      larder iam policy list --role ci | grep -q AWSCodeArtifactReadOnlyAccess
      larder iam role show ci > role
      grep -q '^trustPolicy: ' role
      grep -q user/ann role
      export AWS_ACCESS_KEY_ID=$(sed -n 's/^id: //p' key)
      export AWS_SECRET_ACCESS_KEY=$(sed -n 's/^secret: //p' key)
      aws sts get-caller-identity --query Arn --output text
      refused AccessDeniedException aws codeartifact list-domains
      aws sts assume-role --role-arn arn:aws:iam::$account:role/ci --role-session-name build \\
        --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text > session
      read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN < session
      export AWS_SESSION_TOKEN
      aws sts get-caller-identity --query Arn --output text
      aws codeartifact login --tool pip --domain shop --repository store
      url=$(pip config get global.index-url)
      test "$(curl -s -o /dev/null -w '%{http_code}' "$url")" = 200
      larder iam whoami
      refused AccessDeniedException aws codeartifact delete-domain --domain shop
      refused 'not authorized to perform: iam:ListUsers' larder iam user list
      unset AWS_SESSION_TOKEN
      eval "$(larder env --data "$DATA")"
      larder iam token list --role ci --json | grep -q '"domain":"shop"'
      larder iam role delete ci
      test "$(curl -s -o /dev/null -w '%{http_code}' "$url")" = 401
      larder iam user delete ann
      larder iam user list
      echo ALL DONE
      """
    )
    #expect(run.succeeded, "\(run.output)")
    #expect(run.output.contains("ALL DONE"))
    #expect(run.output.contains(/:user\/ann\n/))
    #expect(run.output.contains(/assumed-role\/ci\/build\n/))
  }

  @Test func `a CI job needs no secret: the SDK exchanges its token on its own`() throws {
    let run = try run(
      """
      python3 "$SUPPORT/oidc_issuer.py" issuer &
      issuer=$!
      trap 'kill -9 $issuer' EXIT
      while [ ! -s issuer/address ]; do read -r -t 0.1 <> <(:) || true; done
      address=$(cat issuer/address)
      larder iam oidc-provider create "$address" --audience larder
      cat > trust.json <<END
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
       "Action":"sts:AssumeRoleWithWebIdentity",
       "Principal":{"Federated":"arn:aws:iam::$account:oidc-provider/${address#http://}"},
       "Condition":{"StringEquals":{"${address#http://}:sub":"repo:acme/app"}}}]}
      END
      larder iam role create job --trust trust.json
      larder iam policy put AWSCodeArtifactReadOnlyAccess --role job
      unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
      export AWS_WEB_IDENTITY_TOKEN_FILE=$PWD/issuer/token
      export AWS_ROLE_ARN=arn:aws:iam::$account:role/job
      aws sts get-caller-identity --query Arn --output text
      aws codeartifact list-domains --query 'domains[].name' --output text
      python3 -c 'import boto3; print(boto3.client("codeartifact").list_domains()["domains"])'
      cp issuer/stranger issuer/token
      refused AccessDenied aws codeartifact list-domains
      echo ALL DONE
      """
    )
    #expect(run.succeeded, "\(run.output)")
    #expect(run.output.contains("ALL DONE"))
    #expect(run.output.contains("assumed-role/job/"))
  }

  @Test func `accounts are apart, and the first one's administrator looks after all`() throws {
    let run = try run(
      """
      larder iam account create --account 210987654321 --name partner > made
      larder iam account list
      larder iam user create carl --account 210987654321
      export AWS_ACCESS_KEY_ID=$(sed -n 's/^id: LK/LK/p' made)
      export AWS_SECRET_ACCESS_KEY=$(sed -n 's/^secret: //p' made)
      aws sts get-caller-identity --query Account --output text
      aws codeartifact create-domain --domain theirs --query domain.arn --output text
      refused AccessDeniedException aws codeartifact describe-domain --domain shop \
        --domain-owner $account
      refused 'not authorized to perform: iam:ListUsers' larder iam user list --account $account
      larder iam user list | grep carl
      larder iam key list --user administrator
      refused 'not authorized to perform: ' larder iam account create
      echo ALL DONE
      """
    )
    #expect(run.succeeded, "\(run.output)")
    #expect(run.output.contains("ALL DONE"))
    #expect(run.output.contains("210987654321:domain/theirs"))
  }
}
