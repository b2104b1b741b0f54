import NIOCore
import Query
import Store
import StoreColumns

/// Finds versions that a request names and that are not at hand, on the store's own queue: no thread that answers waits
/// for them.
struct VersionFinder: Sendable {
    /// How many may wait for such versions.
    static let waitingLimitName = "waiting-for-versions"

    let store: Store

    /// - Parameters:
    ///   - milliseconds: After which the work is given up.
    ///   - isStopped: Whether nobody waits any more.
    func find(
        _ name: VersionName, milliseconds: Int64, isStopped: @escaping @Sendable () -> Bool = { false }
    ) async -> Result<GraphVersion, VersionUnavailable> {
        let deadline = NIODeadline.now() + .milliseconds(milliseconds)
        return await store.version(name) { isStopped() || NIODeadline.now() > deadline }
    }
}

extension VersionSource.Found {
    package init(_ result: Result<GraphVersion, VersionUnavailable>) {
        switch result {
        case .success(let version): self = .version(version)
        case .failure(let reason):
            switch reason {
            case .gone: self = .gone("\(reason)")
            case .notReached: self = .notReached("\(reason)")
            case .before: self = .misnamed("\(reason)")
            case .stopped: self = .stopped("\(reason)")
            case .busy: self = .overloaded("\(reason)")
            }
        }
    }
}

extension VersionSource {
    /// The versions of a store.
    package init(_ store: Store) {
        self.init(
            atHand: { name in
                do throws(VersionUnavailable) {
                    return try store.versionAtHand(name).map(Found.version)
                } catch {
                    return Found(.failure(error))
                }
            },
            find: { name in Found(Result { () throws(VersionUnavailable) in try store.version(name) }) })
    }
}
