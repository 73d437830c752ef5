import Foundation
import Testing

/// Generic files with curl.
@Suite("curl", .serialized, .inTurn, .timeLimit(.minutes(15)))
struct CurlClientTests {
  @Test func `files are put, had whole and in parts, taken up again, and never changed`() throws {
    try MavenLab.run { lab in
      let outcome = try lab.shell.run(
        """
        at="${BASE/maven/generic}tools/runner/1.0"
        head -c 5000000 /dev/urandom > big.bin
        call() { curl -s -u "aws:$TOKEN" "$@"; }
        call -o /dev/null -w 'put %{http_code}\\n' -T big.bin "$at/big.bin"
        call -o /dev/null -w 'again %{http_code}\\n' -T big.bin "$at/big.bin"
        echo other > other.bin
        call -o /dev/null -w 'changed %{http_code}\\n' -T other.bin "$at/big.bin"
        call -f -o whole.bin "$at/big.bin"; cmp whole.bin big.bin && echo whole same
        call -f -r 1000-1999 -o part.bin "$at/big.bin"
        cmp part.bin <(tail -c +1001 big.bin | head -c 1000) && echo part same
        head -c 1234567 big.bin > resumed.bin
        call -f -C - -o resumed.bin "$at/big.bin"; cmp resumed.bin big.bin && echo resumed same
        call -f -I "$at/big.bin" | tr -d '\\r' | grep -i '^content-length: 5000000'
        cat big.bin | call -o /dev/null -w 'chunked %{http_code}\\n' -T - "$at/from-a-pipe.bin"
        call -f "$at/from-a-pipe.bin" | cmp - big.bin && echo chunked same
        curl -s -o /dev/null -w 'nobody %{http_code}\\n' "$at/big.bin"
        . ./exports
        aws codeartifact list-package-version-assets --domain acme --repository team \
          --format generic --namespace tools --package runner --package-version 1.0 \
          --query 'assets[].name' --output text
        status() {
          aws codeartifact update-package-versions-status --domain acme --repository team \
            --format generic --namespace tools --package runner --versions 1.0 --target-status $1
          call -o /dev/null -w "$1 %{http_code}\\n" "$at/big.bin"
        }
        status Unlisted; status Archived; status Published
        """
      )
      for line in [
        "put 201", "again 200", "changed 409", "whole same", "part same", "resumed same",
        "chunked 201", "chunked same", "nobody 401", "big.bin\tfrom-a-pipe.bin", "Unlisted 200",
        "Archived 404", "Published 200",
      ] {
        #expect(outcome.output.contains(line), "\(line): \(outcome.output)")
      }
      #expect(outcome.succeeded, "\(outcome.output)\n\(lab.server.said)")
    }
  }

  @Test func `what is stored compressed comes as it is stored to who takes zstd`() throws {
    try MavenLab.run { lab in
      let outcome = try lab.shell.run(
        """
        at="${BASE/maven/generic}tools/lists/1.0"
        seq 1 600000 > long.txt; seq 1 20000 > short.txt; head -c 100000 /dev/urandom > noise.bin
        cat noise.bin long.txt noise.bin > mixed.bin
        call() { curl -s -f -u "aws:$TOKEN" "$@"; }
        field() { tr -d '\\r' < "$1" | grep -i "^$2:" | cut -d' ' -f2-; }
        for file in long.txt short.txt noise.bin mixed.bin; do
          call -o /dev/null -T $file "$at/$file"
          call -H 'Accept-Encoding: gzip, zstd' -D $file.head -o $file.got "$at/$file"
          call -H 'Accept-Encoding: gzip, zstd' -I -o $file.only "$at/$file"
          echo "$file coding $(field $file.head content-encoding)"
          for name in content-encoding content-length etag vary accept-ranges; do
            [ "$(field $file.head $name)" = "$(field $file.only $name)" ] || echo "$file $name differs"
          done
          tag=$(field $file.head etag)
          call -H 'Accept-Encoding: zstd' -H "If-None-Match: $tag" -o /dev/null \
            -w "$file again %{http_code}\\n" "$at/$file"
          call -o $file.plain "$at/$file"; cmp $file.plain $file && echo "$file plain same"
          call -H 'Accept-Encoding: zstd' -r 1000-1999 -D $file.head2 -o $file.part "$at/$file"
          cmp $file.part <(tail -c +1001 $file | head -c 1000) && echo "$file part same"
          field $file.head2 content-encoding || true
        done
        for file in long.txt short.txt mixed.bin; do
          zstd -q -d -M8MiB < $file.got | cmp - $file && echo "$file decoded same"
        done
        cmp noise.bin.got noise.bin && echo noise.bin as it is
        [ $(stat -c %s long.txt.got) -lt 2000000 ] && echo smaller
        [ "$(field short.txt.head content-length)" = $(stat -c %s short.txt.got) ] && echo length
        curl --version | grep -q zstd && call --compressed "$at/long.txt" | cmp - long.txt \
          && echo compressed same
        """
      )
      let files = ["long.txt", "short.txt", "noise.bin", "mixed.bin"]
      for file in files {
        let coding = file == "noise.bin" ? "\n" : "zstd\n"
        for line in ["coding \(coding)", "again 304", "plain same", "part same"] {
          #expect(outcome.output.contains("\(file) \(line)"), "\(line): \(outcome.output)")
        }
      }
      for line in [
        "long.txt decoded same", "short.txt decoded same", "mixed.bin decoded same",
        "noise.bin as it is", "smaller", "length", "compressed same",
      ] {
        #expect(outcome.output.contains(line), "\(line): \(outcome.output)")
      }
      #expect(!outcome.output.contains("differs"), "\(outcome.output)")
      #expect(!outcome.output.contains("\nzstd\n"), "a part is never coded: \(outcome.output)")
      #expect(outcome.succeeded, "\(outcome.output)\n\(lab.server.said)")
    }
  }
}
