/// Every statement there is, for tests and for people who ask what the database does.
package enum Statements {
  package static let all: [NamedStatement] =
    AccessStatements.all + DomainStatements.all + RepositoryStatements.all
    + UpstreamStatements.all + PackageStatements.all + VersionStatements.all
    + AssetStatements.all + ExternalDocumentStatements.all + SightingStatements.all
    + JournalStatements.all + PackageGroupStatements.all + TagStatements.all
    + IdentityStatements.all + PolicyStatements.all + EventStatements.all + BlobStatements.all
    + RefreshWishStatements.all + KeyStatements.all + KeptDocumentStatements.all
}
