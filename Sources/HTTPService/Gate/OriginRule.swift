/// Which hosts a request may name, and which pages may have sent it.
///
/// A page anywhere can make a browser send requests to a loopback address, and can give that address a name of its own (DNS
/// rebinding). Both show in the `Host` and `Origin` fields, which a page cannot choose. Nothing here ever answers with
/// `Access-Control-Allow-Origin`.
package struct OriginRule: Sendable {
    /// In lower case, with a port where it is not 80; `nil` if any will do, because the server is meant to be reached from outside.
    private let hosts: [String]?
    /// Names by which our own pages are reached beside the one that a request names, in lower case.
    private let extraHosts: [String]

    /// The hosts that a server bound to a loopback address answers to.
    ///
    /// - Parameter extraHosts: Further names, as a tunnel or a proxy in front of the server would send them.
    package static func loopback(port: Int, extraHosts: [String] = []) -> OriginRule {
        var hosts = ["127.0.0.1", "localhost", "[::1]"].map { "\($0):\(port)" }
        if port == 80 { hosts += ["127.0.0.1", "localhost", "[::1]"] }
        let extraHosts = extraHosts.map { $0.lowercased() }
        return OriginRule(hosts: hosts + extraHosts, extraHosts: extraHosts)
    }

    /// A server that other machines reach answers to any name: nothing is told without a key, and a browser keeps sessions by name.
    ///
    /// - Parameter extraHosts: Names by which a proxy is reached that passes requests on under another.
    package static func outside(extraHosts: [String]) -> OriginRule {
        OriginRule(hosts: nil, extraHosts: extraHosts.map { $0.lowercased() })
    }

    /// - Parameter authority: The `Host` field.
    /// - Parameter origin: The `Origin` field, which browsers send with every request that is not a plain GET of their own page.
    /// - Parameter fetchSite: `Sec-Fetch-Site`, which newer browsers send with every request.
    /// - Parameter fetchMode: `Sec-Fetch-Mode`: following a link is `navigate`.
    func check(authority: String?, origin: String?, fetchSite: String?, fetchMode: String?) throws(Refusal) {
        if let hosts, !hosts.contains(authority ?? "") {
            let lowered = (authority ?? "").lowercased()
            guard hosts.contains(lowered) else { throw .hostForeign(found: authority ?? "", allowed: hosts) }
        }
        if let origin {
            let lowered = origin.lowercased()
            let own = [(authority ?? "").lowercased()] + extraHosts
            guard own.contains(where: { lowered == "http://" + $0 || lowered == "https://" + $0 }) else {
                throw .originForeign(found: origin)
            }
        } else if let fetchSite, fetchSite == "cross-site" || fetchSite == "same-site" {
            // A link on another page may lead here; a script or an image of that page may not.
            guard fetchMode == "navigate" else { throw .originForeign(found: nil) }
        }
    }
}
