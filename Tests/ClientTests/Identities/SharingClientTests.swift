import Foundation
import Testing

/// Two accounts that share a domain, as their people would set it up and try to get around it: the
/// AWS CLI, pip and twine, unmodified.
@Suite("Sharing a domain between accounts", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct SharingClientTests {
  /// The first account's administrator with a package of his own in a repository, and shorthands:
  /// `as FILE` signs with a new key's file, `status URL` is what an address answers.
  private static let setUp = """
    larder() { \(LarderServer.program) "$@"; }
    administrator() { unset AWS_SESSION_TOKEN AWS_PROFILE; eval "$(larder env --data "$DATA")"; }
    as() {
      unset AWS_SESSION_TOKEN AWS_PROFILE
      export AWS_ACCESS_KEY_ID=$(sed -n 's/^id: LK/LK/p' "$1")
      export AWS_SECRET_ACCESS_KEY=$(sed -n 's/^secret: //p' "$1")
    }
    status() { curl -s -o /dev/null -w '%{http_code}' "$@"; }
    install() {
      rm -rf there; python3 -m pip install --no-cache-dir --quiet --target there mine-own "$@"
      test -f there/mine_own.py
    }
    administrator
    owner=$(aws sts get-caller-identity --query Account --output text)
    aws codeartifact create-domain --domain shop > made
    aws codeartifact create-repository --domain shop --repository team > made
    aws codeartifact login --tool twine --domain shop --repository team
    python3 - <<'END'
    import zipfile
    for version in ["1.0", "2.0"]:
        name = f"mine_own-{version}"
        with zipfile.ZipFile(f"{name}-py3-none-any.whl", "w") as wheel:
            wheel.writestr("mine_own.py", f"version = '{version}'")
            wheel.writestr(f"{name}.dist-info/METADATA",
                           f"Metadata-Version: 2.1\\nName: mine-own\\nVersion: {version}\\n")
            wheel.writestr(f"{name}.dist-info/WHEEL",
                           "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
            wheel.writestr(f"{name}.dist-info/RECORD", "")
    END
    twine upload --repository codeartifact mine_own-1.0-py3-none-any.whl
    shop="--domain shop --domain-owner $owner"
    team="$shop --repository team"
    policy() { echo '{"Version":"2012-10-17","Statement":['"$1"']}'; }
    statement() {
      echo '{"Effect":"'$1'","Principal":'$2',"Action":['$3'],"Resource":"*"}'
    }
    """

  /// The second account, and in it a user who may do all that his own account can give.
  private static let partner = """
    larder iam account create --account 210987654321 --name partner > boss
    as boss
    larder iam user create dev
    larder iam key create --user dev > dev
    larder iam policy put AWSCodeArtifactAdminAccess --user dev
    administrator
    partner='{"AWS":"arn:aws:iam::210987654321:root"}'
    read=$(statement Allow "$partner" '"codeartifact:ReadFromRepository",
      "codeartifact:GetRepositoryEndpoint","codeartifact:DescribeRepository"')
    enter=$(statement Allow "$partner" '"codeartifact:GetAuthorizationToken"')
    domain() {
      aws codeartifact put-domain-permissions-policy --domain shop \\
        --policy-document "$(policy "$1")" > put
    }
    repository() {
      aws codeartifact put-repository-permissions-policy --domain shop --repository team \\
        --policy-document "$(policy "$1")" > put
    }
    """

  private func run(_ script: String) throws -> Outcome {
    let index = try FakeIndex()
    defer { index.stop() }
    let server = try LarderServer(upstream: index.simple)
    defer { server.remove() }
    var shell = try Shell()
    defer { shell.remove() }
    shell.environment = ["DATA": server.data.path, "SUPPORT": Checkout.support("")]
    return try shell.run(Self.setUp + "\n" + script + "\necho ALL DONE")
  }

  @Test func `the second account reads, cannot publish, and cannot widen its rights`() throws {
    let run = try run(
      Self.partner + """

        as dev
        refused 'no resource-based policy' aws codeartifact get-authorization-token $shop
        administrator
        domain "$enter"
        repository "$read"
        as dev
        aws codeartifact login --tool pip $team
        aws codeartifact login --tool twine $team
        install
        url=$(pip config get global.index-url)
        test "$(status "$url")" = 200
        refused 403 twine upload --repository codeartifact mine_own-2.0-py3-none-any.whl
        all=$(policy "$(statement Allow '"*"' '"*"')")
        refused AccessDenied aws codeartifact put-domain-permissions-policy $shop \\
          --policy-document "$all"
        refused AccessDenied aws codeartifact put-repository-permissions-policy $team \\
          --policy-document "$all"
        refused AccessDenied aws codeartifact delete-repository-permissions-policy $team
        refused AccessDenied aws codeartifact create-repository $shop --repository mine
        refused AccessDenied aws codeartifact list-repositories-in-domain $shop
        refused AccessDenied aws codeartifact delete-package $team --format pypi --package mine-own
        refused AccessDenied aws codeartifact update-package-versions-status $team --format pypi \\
          --package mine-own --versions 1.0 --target-status Archived
        # Nor do the partner's administrator's own powers reach over.
        as boss
        refused AccessDenied aws codeartifact put-domain-permissions-policy $shop \\
          --policy-document "$all"
        refused 'not authorized to perform: iam:' \\
          larder iam policy put AdministratorAccess --user dev --account $owner
        refused 'not authorized to perform: iam:' larder iam role list --account $owner
        """
    )
    #expect(run.succeeded, "\(run.output)")
    #expect(run.output.contains("ALL DONE"))
  }

  @Test func `a denial in any policy wins, and what is taken away is gone at once`() throws {
    let run = try run(
      Self.partner + """

        domain "$enter"
        repository "$read"
        as dev
        aws codeartifact login --tool pip $team
        url=$(pip config get global.index-url)
        test "$(status "$url")" = 200
        deny=$(statement Deny "$partner" '"codeartifact:Read*"')
        administrator
        domain "$enter,$deny"
        test "$(status "$url")" = 403
        domain "$enter"
        test "$(status "$url")" = 200
        repository "$deny,$read"
        test "$(status "$url")" = 403
        repository "$read"
        test "$(status "$url")" = 200
        # All but somebody else, in the words that AWS asks for.
        but='"NotPrincipal":{"AWS":["210987654321","arn:aws:iam::210987654321:user/other"]}'
        repository "$read,"'{"Effect":"Deny",'"$but"',"Action":"*","Resource":"*"}'
        test "$(status "$url")" = 403
        repository "$read"
        as boss
        echo '{"Statement":{"Effect":"Deny","Action":"codeartifact:Read*","Resource":"*"}}' > no
        larder iam policy put no --user dev --policy no
        test "$(status "$url")" = 403
        larder iam policy delete no --user dev
        test "$(status "$url")" = 200
        key=$(sed -n 's/^id: LK/LK/p' dev)
        larder iam key disable $key
        test "$(status "$url")" = 401
        larder iam key enable $key
        test "$(status "$url")" = 200
        install
        larder iam user delete dev
        test "$(status "$url")" = 401
        as dev
        refused UnrecognizedClient aws codeartifact list-domains
        """
    )
    #expect(run.succeeded, "\(run.output)")
    #expect(run.output.contains("ALL DONE"))
  }

  @Test func `what is no policy is refused with the place of the fault, in all five places`()
    throws
  {
    let run = try run(
      """
      printf '{\\n  "Version": "2012-10-17",\\n  "Statement": [{"Effect": "Alow"}]\\n}' > bad
      place='Statement\\[0\\].Effect (line 3, column 28)'
      refused "$place" aws codeartifact put-domain-permissions-policy --domain shop \\
        --policy-document file://bad
      refused "$place" aws codeartifact put-repository-permissions-policy --domain shop \\
        --repository team --policy-document file://bad
      larder iam user create ann
      refused "$place" larder iam policy put mine --user ann --policy bad
      refused "$place" larder iam role create ci --trust bad
      echo '{"Statement":{"Effect":"Allow","Principal":{"AWS":"'$owner'"},"Action":"sts:*"}}' > ok
      larder iam role create ci --trust ok
      refused "$place" aws sts assume-role --role-arn arn:aws:iam::$owner:role/ci \\
        --role-session-name build --policy file://bad
      """
    )
    #expect(run.succeeded, "\(run.output)")
    #expect(run.output.contains("ALL DONE"))
  }

  @Test func `a profile with a role of the other account installs, as far as the role goes`()
    throws
  {
    let run = try run(
      Self.partner + """

        cat > trust <<END
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
         "Principal":{"AWS":"arn:aws:iam::210987654321:user/dev"},
         "Condition":{"StringEquals":{"sts:ExternalId":"deal-9"}}}]}
        END
        larder iam role create reader --trust trust
        larder iam policy put AWSCodeArtifactReadOnlyAccess --role reader
        as dev
        mkdir -p .aws
        cat > .aws/config <<END
        [profile dev]
        aws_access_key_id = $AWS_ACCESS_KEY_ID
        aws_secret_access_key = $AWS_SECRET_ACCESS_KEY
        [profile reader]
        role_arn = arn:aws:iam::$owner:role/reader
        source_profile = dev
        external_id = deal-9
        [profile unknown]
        role_arn = arn:aws:iam::$owner:role/reader
        source_profile = dev
        END
        unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
        # The partner has to let its own user go, too.
        refused AccessDenied aws sts get-caller-identity --profile reader
        as boss
        echo '{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
          "Resource":"arn:aws:iam::'$owner':role/*"}}' > go
        larder iam policy put go --user dev --policy go
        unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
        aws sts get-caller-identity --profile reader --query Arn --output text > who
        grep -q ":assumed-role/reader/" who
        refused AccessDenied aws sts get-caller-identity --profile unknown
        export AWS_PROFILE=reader
        aws codeartifact login --tool pip $team
        install
        refused AccessDenied aws codeartifact delete-repository $team
        url=$(pip config get global.index-url)
        unset AWS_PROFILE
        as boss
        larder iam key disable $(sed -n 's/^id: LK/LK/p' dev)
        test "$(status "$url")" = 401
        """
    )
    #expect(run.succeeded, "\(run.output)")
    #expect(run.output.contains("ALL DONE"))
  }

  @Test func `a CI job without a secret logs pip in by the token of its issuer`() throws {
    let run = try run(
      """
      python3 "$SUPPORT/oidc_issuer.py" issuer &
      issuer=$!
      trap 'kill -9 $issuer' EXIT
      while [ ! -s issuer/address ]; do read -r -t 0.1 <> <(:) || true; done
      address=$(cat issuer/address)
      larder iam oidc-provider create "$address" --audience larder
      cat > trust <<END
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
       "Action":"sts:AssumeRoleWithWebIdentity",
       "Principal":{"Federated":"arn:aws:iam::$owner:oidc-provider/${address#http://}"},
       "Condition":{"StringEquals":{"${address#http://}:sub":"repo:acme/app",
                                    "${address#http://}:aud":"larder"}}}]}
      END
      larder iam role create job --trust trust
      larder iam policy put AWSCodeArtifactReadOnlyAccess --role job
      unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
      export AWS_WEB_IDENTITY_TOKEN_FILE=$PWD/issuer/token
      export AWS_ROLE_ARN=arn:aws:iam::$owner:role/job
      aws codeartifact login --tool pip $team
      install
      url=$(pip config get global.index-url)
      export AWS_WEB_IDENTITY_TOKEN_FILE=$PWD/issuer/stranger
      refused AccessDenied aws codeartifact list-domains
      administrator
      unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN
      test "$(status "$url")" = 200
      larder iam token revoke --role job
      test "$(status "$url")" = 401
      """
    )
    #expect(run.succeeded, "\(run.output)")
    #expect(run.output.contains("ALL DONE"))
  }

  @Test func `a repository that its policy opens to the world is read without credentials`() throws
  {
    let run = try run(
      """
      endpoint=$(aws codeartifact get-repository-endpoint $team --format pypi \\
        --query repositoryEndpoint --output text)
      rm -f pip.conf "$PIP_CONFIG_FILE"
      index=${endpoint}simple/
      test "$(status "$index")" = 401
      open=$(policy "$(statement Allow '"*"' '"codeartifact:ReadFromRepository"')")
      aws codeartifact put-repository-permissions-policy --domain shop --repository team \\
        --policy-document "$open" > put
      install --index-url "$index"
      test "$(status "$index")" = 200
      refused 401 env -i HOME="$HOME/nobody" PATH="$PATH" twine upload --non-interactive \\
        --username aws --password '' --repository-url "$endpoint" mine_own-2.0-py3-none-any.whl
      # Nothing but this repository, and nothing but reading.
      aws codeartifact create-repository --domain shop --repository closed > made
      test "$(status "${index/team/closed}")" = 401
      test "$(status "$AWS_ENDPOINT_URL_CODEARTIFACT/v1/domain?domain=shop")" = 403
      aws codeartifact delete-repository-permissions-policy --domain shop --repository team > put
      test "$(status "$index")" = 401
      """
    )
    #expect(run.succeeded, "\(run.output)")
    #expect(run.output.contains("ALL DONE"))
  }
}
