/// Documents as Maven 3.8 writes them.
enum MavenSamples {
  static let pom = """
    <?xml version="1.0" encoding="UTF-8"?>
    <project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <parent><groupId>org.acme</groupId><artifactId>parent</artifactId><version>7</version></parent>
      <artifactId>widget</artifactId>
      <version>1.0</version>
      <name>${project.artifactId}: the Widget</name>
      <description>
        Does what
        widgets do &amp; more.
      </description>
      <url>https://acme.example/widget</url>
      <scm><connection>scm:git:x</connection><url>https://git.example/${project.groupId}</url></scm>
      <licenses>
        <license><name>Apache-2.0</name><url>https://l.example/a</url></license>
        <license><name>MIT</name></license>
        <license/>
      </licenses>
      <properties><dep.version>2.1</dep.version><loop>${loop}</loop></properties>
      <dependencyManagement><dependencies>
        <dependency><groupId>not</groupId><artifactId>this</artifactId></dependency>
        <dependency>
          <groupId>org.managed</groupId><artifactId>m</artifactId>
          <version>${dep.version}</version><scope>provided</scope>
        </dependency>
      </dependencies></dependencyManagement>
      <dependencies>
        <dependency>
          <groupId>org.other</groupId><artifactId>lib</artifactId><version>${dep.version}</version>
        </dependency>
        <dependency>
          <groupId>${project.groupId}</groupId><artifactId>core</artifactId>
          <version>${project.version}</version><scope>test</scope>
        </dependency>
        <dependency>
          <groupId>x</groupId><artifactId>y</artifactId><version>${unknown}</version>
          <optional>true</optional>
        </dependency>
        <dependency><groupId>org.managed</groupId><artifactId>m</artifactId></dependency>
      </dependencies>
    </project>

    """

  static let snapshotMetadata = """
    <?xml version="1.0" encoding="UTF-8"?>
    <metadata modelVersion="1.1.0">
      <groupId>org.acme</groupId>
      <artifactId>widget</artifactId>
      <versioning>
        <lastUpdated>20210728194552</lastUpdated>
        <snapshot>
          <timestamp>20210728.194552</timestamp>
          <buildNumber>1</buildNumber>
        </snapshot>
        <snapshotVersions>
          <snapshotVersion>
            <extension>jar</extension>
            <value>1.0-20210728.194552-1</value>
            <updated>20210728194552</updated>
          </snapshotVersion>
          <snapshotVersion>
            <classifier>linux-x86.64</classifier>
            <extension>tar.gz</extension>
            <value>1.0-20210728.194552-1</value>
            <updated>20210728194552</updated>
          </snapshotVersion>
        </snapshotVersions>
      </versioning>
      <version>1.0-SNAPSHOT</version>
    </metadata>

    """
}
