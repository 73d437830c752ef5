import TokenService
import Upstream

extension SmallDocuments: IssuerDocuments {}
