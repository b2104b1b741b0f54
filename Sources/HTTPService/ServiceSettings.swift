import Settings

/// How the server is set up: where it listens and what it allows itself.
package struct ServiceSettings: Sendable {
    package var address: ListenAddress
    /// Names by which a tunnel or a proxy reaches us, beside those of the loopback address.
    package var extraHosts: [String]
    /// Origins whose pages may ask, with a key; each is one by `OriginRule.isOrigin`.
    package var allowedOrigins: [String]
    /// At least those of `ServiceLimits`.
    package var limits: LimitValues
    package var statuses: StatusProfile
    /// Who asks for keys; nil where none exist.
    package var doorkeeper: Doorkeeper?
    /// Who is told of every question; nil where nobody is.
    package var auditor: Auditor?
    /// What the server encrypts with; nil: it does not.
    package var tls: TLSIdentity?

    package init(
        address: ListenAddress, extraHosts: [String] = [], allowedOrigins: [String] = [],
        limits: LimitValues = LimitValues(ServiceLimits.definitions), statuses: StatusProfile = .draft,
        doorkeeper: Doorkeeper? = nil, auditor: Auditor? = nil, tls: TLSIdentity? = nil
    ) {
        self.address = address
        self.extraHosts = extraHosts
        self.allowedOrigins = allowedOrigins
        self.tls = tls
        self.limits = limits
        self.statuses = statuses
        self.doorkeeper = doorkeeper
        self.auditor = auditor
    }

    /// What keeps the server from starting so.
    package enum Problem: Error, Sendable, CustomStringConvertible {
        /// Anybody who can reach the address could read everything.
        case reachableWithoutKeys(ListenAddress)
        /// Keys, and all that is answered, would cross the network for anybody to read.
        case reachableWithoutTLS(ListenAddress)
        /// Pages of another origin could read everything through anybody's browser.
        case originsWithoutKeys
        case noOrigin(String)

        package var description: String {
            switch self {
            case .reachableWithoutKeys(let address):
                """
                \(address) can be reached from other machines, and no keys are configured: whoever reaches it could read everything.
                Make keys (hearth keys add) and encrypt (--tls-certificate FILE --tls-key FILE, or a proxy: --behind-proxy ADDRESS), or listen on a loopback address (127.0.0.1, ::1, localhost), and reach it from elsewhere through a tunnel:
                    ssh -L \(address.port):127.0.0.1:\(address.port) <this machine>
                """
            case .reachableWithoutTLS(let address):
                """
                \(address) can be reached from other machines, and keys and answers would cross the network as they are.
                Give it a certificate (--tls-certificate FILE --tls-key FILE), or put a proxy before it that speaks TLS, and name its address: --behind-proxy ADDRESS; nobody else may connect then.
                """
            case .originsWithoutKeys:
                "--allow-origin lets pages elsewhere ask, and no keys are configured: they could read everything through the browser of whoever opens them. Make keys first (hearth keys add)."
            case .noOrigin(let text):
                "--allow-origin is an origin as browsers write it, https://host or https://host:port, or http://localhost:port; no path and no '*'; found '\(text)'."
            }
        }
    }

    /// Refuses settings under which no server should start.
    package func check() throws(Problem) {
        if let text = allowedOrigins.first(where: { !OriginRule.isOrigin($0) }) { throw .noOrigin(text) }
        guard allowedOrigins.isEmpty || doorkeeper != nil else { throw .originsWithoutKeys }
        guard !address.isLoopback else { return }
        guard let doorkeeper else { throw .reachableWithoutKeys(address) }
        guard doorkeeper.proxy != nil || tls != nil else { throw .reachableWithoutTLS(address) }
    }
}

/// Which table of statuses answers of GraphQL follow.
package enum StatusProfile: String, Sendable, CaseIterable {
    /// GraphQL over HTTP, draft of 2026-08: 422 for what is invalid, 294 for data with errors.
    case draft
    /// The older table: 400 for what is invalid, 200 for data with errors, and 200 for almost everything as `application/json`.
    case legacy
}
