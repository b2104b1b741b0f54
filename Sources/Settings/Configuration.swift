/// How the server runs: what a configuration file may say, with the values that hold where it says nothing.
///
/// ```yaml
/// server: {host: 127.0.0.1, port: 8080, allowed-hosts: [register.example], statuses: draft}
/// access: {rules: /etc/hearth/access.yaml, keys: /etc/hearth/keys, jwt: /etc/hearth/jwt.yaml, behind-proxy: 10.0.0.2}
/// tls: {certificate: /etc/hearth/server.pem, key: /etc/hearth/server.key}
/// language: {edition: 2026, introspection: on}
/// data: Snapshots/live
/// limits: {document-tokens: 20000, body-bytes: 2 MiB, deadline: 20 s}
/// ```
package struct Configuration: Hashable, Sendable {
    /// The address to listen on. Loopback unless told otherwise.
    package var host = "127.0.0.1"
    /// 0 asks the system for a free port.
    package var port = 8080
    /// Names that a request may give as its host beside those of the address itself.
    package var allowedHosts: [String] = []
    /// The file that says who may see what, or `none`; nil: the standard one, if it is there.
    package var accessRules: String?
    /// The file of keys; nil: beside the data folder, if one is there.
    package var keys: String?
    /// The folder of the audit; nil: beside the data folder, if there are keys.
    package var audit: String?
    /// The address of the proxy that ends TLS before the server; nil: there is none.
    package var proxy: String?
    /// The rules for tokens of another system; nil: none are taken.
    package var tokens: String?
    /// Origins whose pages may ask.
    package var allowedOrigins: [String] = []
    /// The server's certificate, and its key: both or neither.
    package var certificate: String?
    package var certificateKey: String?
    /// Which table of statuses answers follow, `draft` or `legacy`; nil: the standard one.
    package var statuses: String?
    /// The edition of GraphQL that is spoken, by its year; nil: the newest.
    package var edition: String?
    /// Whether the schema is told to those who ask, and names that were perhaps meant; nil: it is.
    package var introspection: Bool?
    /// The data folder; nil: the standard one.
    package var dataFolder: String?
    package var limits: LimitValues

    /// Everything at its standard.
    package init(limits definitions: [LimitDefinition]) { limits = LimitValues(definitions) }

    /// Reads a configuration file.
    ///
    /// - Parameters:
    ///   - file: What messages call it.
    ///   - definitions: The limits that may be set, from the rooms that check them.
    /// - Throws: Everything that is wrong with the file; a key that is not known is wrong.
    package init(
        reading bytes: [UInt8], file: String, limits definitions: [LimitDefinition]
    ) throws(SettingsErrors) {
        self.init(limits: definitions)
        var reader = SettingsReader(file: file)
        let root = try YAMLFile.read(bytes, file: file)
        let top = reader.members(
            root, of: "the configuration", allowing: ["server", "access", "tls", "language", "data", "limits"])
        if let server = top["server"] { readServer(server.value, &reader) }
        if let access = top["access"] { readAccess(access.value, &reader) }
        if let tls = top["tls"] { readTLS(tls.value, &reader) }
        if let language = top["language"] { readLanguage(language.value, &reader) }
        if let data = top["data"] { dataFolder = reader.text(data.value, of: "data") }
        if let limits = top["limits"] { readLimits(limits.value, definitions, &reader) }
        try reader.finish()
    }

    private mutating func readServer(_ value: YAMLValue, _ reader: inout SettingsReader) {
        let members = reader.members(value, of: "server", allowing: ["host", "port", "allowed-hosts", "statuses"])
        if let member = members["host"], let text = reader.text(member.value, of: "server.host") { host = text }
        if let member = members["port"], let number = reader.int(member.value, of: "server.port", in: 0...65_535) {
            port = number
        }
        if let member = members["allowed-hosts"] {
            allowedHosts = reader.texts(member.value, of: "server.allowed-hosts").map(\.value)
        }
        if let member = members["statuses"] {
            statuses = reader.choice(member.value, of: "server.statuses", among: ["draft", "legacy"])
        }
    }

    private mutating func readAccess(_ value: YAMLValue, _ reader: inout SettingsReader) {
        let members = reader.members(
            value, of: "access", allowing: ["rules", "keys", "audit", "behind-proxy", "jwt", "allowed-origins"])
        if let member = members["rules"] { accessRules = reader.text(member.value, of: "access.rules") }
        if let member = members["keys"] { keys = reader.text(member.value, of: "access.keys") }
        if let member = members["audit"] { audit = reader.text(member.value, of: "access.audit") }
        if let member = members["behind-proxy"] { proxy = reader.text(member.value, of: "access.behind-proxy") }
        if let member = members["jwt"] { tokens = reader.text(member.value, of: "access.jwt") }
        if let member = members["allowed-origins"] {
            allowedOrigins = reader.texts(member.value, of: "access.allowed-origins").map(\.value)
        }
    }

    private mutating func readTLS(_ value: YAMLValue, _ reader: inout SettingsReader) {
        let members = reader.members(value, of: "tls", allowing: ["certificate", "key"])
        if let member = members["certificate"] { certificate = reader.text(member.value, of: "tls.certificate") }
        if let member = members["key"] { certificateKey = reader.text(member.value, of: "tls.key") }
        if (members["certificate"] == nil) != (members["key"] == nil) {
            reader.report(value.line, "tls has 'certificate' and 'key', both or neither")
        }
    }

    private mutating func readLanguage(_ value: YAMLValue, _ reader: inout SettingsReader) {
        let members = reader.members(value, of: "language", allowing: ["edition", "introspection"])
        if let member = members["edition"] {
            edition = reader.choice(member.value, of: "language.edition", among: ["2025", "2026"])
        }
        if let member = members["introspection"] {
            introspection = reader.choice(member.value, of: "language.introspection", among: ["on", "off"]).map { $0 == "on" }
        }
    }

    private mutating func readLimits(_ value: YAMLValue, _ definitions: [LimitDefinition], _ reader: inout SettingsReader) {
        let members = reader.members(value, of: "limits", allowing: definitions.map(\.name))
        for definition in definitions {
            guard let member = members[definition.name] else { continue }
            let allowed = "from \(definition.minimum) to \(definition.text(definition.hardCap))"
            if case .text(let text) = member.value.content, let number = definition.parse(text) {
                if (definition.minimum...definition.hardCap).contains(number) {
                    limits[definition.name] = number
                } else {
                    reader.report(
                        member.value.line, "limits.\(definition.name) is \(definition.text(number)); it may be \(allowed)")
                }
            } else {
                reader.report(member.value.line, "limits.\(definition.name) is a number \(allowed); found \(member.value.kind)")
            }
        }
    }
}
