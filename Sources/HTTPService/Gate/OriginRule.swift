/// Which hosts a request may name, and which pages may have sent it.
///
/// A page anywhere can make a browser send requests to a loopback address, and can give that address a name of its own (DNS
/// rebinding). Both show in the `Host` and `Origin` fields, which a page cannot choose. `Access-Control-Allow-Origin` is answered to
/// origins alone that the operator has named.
package struct OriginRule: Sendable {
    /// Where a request comes from.
    enum Sender: Sendable, Equatable {
        /// A page of ours, or no page at all.
        case own
        /// A page of another origin that may ask, with a key.
        case allowed(origin: String)
    }

    /// In lower case, with a port where it is not 80; `nil` if any will do, because the server is meant to be reached from outside.
    private let hosts: [String]?
    /// Names by which our own pages are reached beside the one that a request names, in lower case.
    private let extraHosts: [String]
    /// Origins whose pages may ask, as browsers write them.
    private let allowedOrigins: Set<String>

    /// Whether pages of any other origin may ask.
    var allowsOthers: Bool { !allowedOrigins.isEmpty }

    /// The hosts that a server bound to a loopback address answers to.
    ///
    /// - Parameter extraHosts: Further names, as a tunnel or a proxy in front of the server would send them.
    package static func loopback(port: Int, extraHosts: [String] = [], allowedOrigins: [String] = []) -> OriginRule {
        var hosts = ["127.0.0.1", "localhost", "[::1]"].map { "\($0):\(port)" }
        if port == 80 || port == 443 { hosts += ["127.0.0.1", "localhost", "[::1]"] }
        let extraHosts = extraHosts.map { $0.lowercased() }
        return OriginRule(hosts: hosts + extraHosts, extraHosts: extraHosts, allowedOrigins: Set(allowedOrigins))
    }

    /// A server that other machines reach answers to any name: nothing is told without a key, and a browser keeps sessions by name.
    ///
    /// - Parameter extraHosts: Names by which a proxy is reached that passes requests on under another.
    package static func outside(extraHosts: [String], allowedOrigins: [String] = []) -> OriginRule {
        OriginRule(hosts: nil, extraHosts: extraHosts.map { $0.lowercased() }, allowedOrigins: Set(allowedOrigins))
    }

    /// Whether a text is an origin that can be allowed: as a browser writes it, encrypted or of this machine. `https://a.example`,
    /// `https://a.example:8443`, `http://localhost:3000`; no path, no `*`.
    package static func isOrigin(_ text: String) -> Bool {
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        let authority = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let host = authority[0]
        guard !host.isEmpty,
            host.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E })
        else { return false }
        if authority.count == 2 {
            guard let port = UInt16(authority[1]), String(port) == authority[1] else { return false }
        }
        return parts[0] == "https" || (parts[0] == "http" && (host == "localhost" || host == "127.0.0.1"))
    }

    /// - Parameter authority: The `Host` field.
    /// - Parameter origin: The `Origin` field, which browsers send with every request that is not a plain GET of their own page.
    /// - Parameter fetchSite: `Sec-Fetch-Site`, which newer browsers send with every request.
    /// - Parameter fetchMode: `Sec-Fetch-Mode`: following a link is `navigate`.
    func check(authority: String?, origin: String?, fetchSite: String?, fetchMode: String?) throws(Refusal) -> Sender {
        if let hosts, !hosts.contains(authority ?? "") {
            let lowered = (authority ?? "").lowercased()
            guard hosts.contains(lowered) else { throw .hostForeign(found: authority ?? "", allowed: hosts) }
        }
        if let origin {
            let lowered = origin.lowercased()
            let own = [(authority ?? "").lowercased()] + extraHosts
            guard own.contains(where: { lowered == "http://" + $0 || lowered == "https://" + $0 }) else {
                guard allowedOrigins.contains(origin) else { throw .originForeign(found: origin) }
                return .allowed(origin: origin)
            }
        } else if let fetchSite, fetchSite == "cross-site" || fetchSite == "same-site" {
            // A link on another page may lead here; a script or an image of that page may not.
            guard fetchMode == "navigate" else { throw .originForeign(found: nil) }
        }
        return .own
    }
}
