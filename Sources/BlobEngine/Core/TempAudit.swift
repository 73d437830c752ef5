extension Engine { package func audit() -> [String] { [] } }
