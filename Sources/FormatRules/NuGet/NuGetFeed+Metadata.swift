extension NuGetFeed {
  /// The types of the old protocol (OData 2, "Conceptual Schema Definition"): which functions and
  /// members there are, so that clients do not fall back on filters of their own.
  package static let metadata = Array(
    """
    <?xml version="1.0" encoding="utf-8"?>
    <edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">
    <edmx:DataServices m:DataServiceVersion="2.0" m:MaxDataServiceVersion="2.0" \
    xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">
    <Schema Namespace="NuGetGallery" xmlns="http://schemas.microsoft.com/ado/2006/04/edm">
    <EntityType Name="V2FeedPackage" m:HasStream="true">
    <Key><PropertyRef Name="Id"/><PropertyRef Name="Version"/></Key>
    \(properties)
    </EntityType>
    </Schema>
    <Schema Namespace="NuGetGallery.V2FeedContext" \
    xmlns="http://schemas.microsoft.com/ado/2006/04/edm">
    <EntityContainer Name="V2FeedContext" m:IsDefaultEntityContainer="true">
    <EntitySet Name="Packages" EntityType="NuGetGallery.V2FeedPackage"/>
    <FunctionImport Name="Search" \(function)>
    <Parameter Name="searchTerm" Type="Edm.String"/>
    <Parameter Name="targetFramework" Type="Edm.String"/>
    <Parameter Name="includePrerelease" Type="Edm.Boolean"/>
    </FunctionImport>
    <FunctionImport Name="FindPackagesById" \(function)>
    <Parameter Name="id" Type="Edm.String"/>
    </FunctionImport>
    </EntityContainer>
    </Schema>
    </edmx:DataServices>
    </edmx:Edmx>

    """.utf8
  )

  private static let function =
    "ReturnType=\"Collection(NuGetGallery.V2FeedPackage)\" EntitySet=\"Packages\" "
    + "m:HttpMethod=\"GET\""

  private static let properties: String = {
    let kinds = [
      "Edm.String": [
        "Id", "Version", "NormalizedVersion", "Authors", "Copyright", "Dependencies",
        "Description", "IconUrl", "Language", "LicenseUrl", "MinClientVersion", "PackageHash",
        "PackageHashAlgorithm", "ProjectUrl", "ReleaseNotes", "Summary", "Tags", "Title",
      ],
      "Edm.Boolean": [
        "IsLatestVersion", "IsAbsoluteLatestVersion", "IsPrerelease", "Listed",
        "RequireLicenseAcceptance",
      ],
      "Edm.DateTime": ["Created", "LastUpdated", "Published"],
      "Edm.Int32": ["DownloadCount", "VersionDownloadCount"], "Edm.Int64": ["PackageSize"],
    ]
    return kinds.sorted { $0.key < $1.key }.flatMap { type, names in
      names.map { name in
        let nullable = name == "Id" || name == "Version" ? "false" : "true"
        return "<Property Name=\"\(name)\" Type=\"\(type)\" Nullable=\"\(nullable)\"/>"
      }
    }.joined(separator: "\n")
  }()
}
