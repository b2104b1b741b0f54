import Bytes
import NIOCore
import NIOSSL
import StoreColumns
import Synchronization

/// With what the server proves who it is. Connections that have begun keep what they began with; the next takes what is there then.
package final class TLSIdentity: Sendable {
    private let context: Mutex<NIOSSLContext>
    private let paths: TLSFiles
    private let files: any FileSystem
    private let now: @Sendable () -> Instant

    /// Reads both files.
    ///
    /// - Parameter warn: Is told what does not hinder, and somebody should see to.
    package init(
        _ paths: TLSFiles, on files: any FileSystem, now: @escaping @Sendable () -> Instant, warn: (String) -> Void
    ) throws(TLSProblem) {
        self.paths = paths
        self.files = files
        self.now = now
        let read = try paths.read(on: files)
        context = Mutex(read.context)
        tell(warn, ends: read.ends, begins: read.begins)
    }

    /// Reads both files again.
    ///
    /// - Throws: Why they are of no use; then what was there before stays.
    package func reload(warn: (String) -> Void) throws(TLSProblem) {
        let read = try paths.read(on: files)
        context.withLock { $0 = read.context }
        tell(warn, ends: read.ends, begins: read.begins)
    }

    private func tell(_ warn: (String) -> Void, ends: Instant, begins: Instant) {
        let now = self.now()
        if ends <= now { warn("the certificate \(paths.certificate) ended at \(ends); clients will refuse it") }
        if begins > now { warn("the certificate \(paths.certificate) is not valid before \(begins); clients will refuse it") }
    }

    /// What encrypts one connection.
    var handler: NIOSSLServerHandler { NIOSSLServerHandler(context: context.withLock { $0 }) }
}
