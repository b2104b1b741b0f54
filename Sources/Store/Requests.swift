import Bytes
import StoreColumns

/// What another process asks of the one that has a data folder open, by files in `requests/`: whoever may write there may ask.
///
/// `ask-<token>` is put there by who asks, `answer-<token>` in its place by who has the folder; each is whole when it is there.
/// (A signal would need the process's number, which means nothing in another container and may be another process's by now.)
package enum StoreRequest {
    private static let askPrefix = "ask-"
    private static let answerPrefix = "answer-"
    private static let byteLimit = 1 << 16

    package enum State: Sendable, Hashable {
        /// Nobody has done it yet.
        case waiting
        /// It was done; what came of it.
        case done(SnapshotEntry)
        case failed(exitCode: Int32, message: String)
        /// Nobody will do it: it is not there any more, or nobody has the folder open.
        case forgotten
    }

    /// Asks for a snapshot of the present version.
    /// - Parameter token: tells this request from every other: letters and digits.
    package static func askForSnapshot(
        of path: String, token: String, on files: any FileSystem
    ) throws(StoreError) {
        let folder = DataFolder(path: path, files: files)
        try storing { () throws(FileError) in
            if try !files.exists(folder.requestsPath) { try files.makeFolder(folder.requestsPath) }
            try files.replace(
                folder.requestsPath + "/" + askPrefix + token, with: Array("snapshot\n".utf8), in: folder.requestsPath)
        }
    }

    /// What became of it; an answer is taken away.
    package static func state(of path: String, token: String, on files: any FileSystem) throws(StoreError) -> State {
        let folder = DataFolder(path: path, files: files)
        let answer = folder.requestsPath + "/" + answerPrefix + token
        let bytes: [UInt8]? = try storing { () throws(FileError) in
            guard try files.exists(answer) else { return nil }
            let bytes = try files.contents(of: answer, limit: byteLimit)
            try files.remove(answer)
            return bytes
        }
        if let bytes { return parse(String(decoding: bytes, as: UTF8.self)) }
        let ask = folder.requestsPath + "/" + askPrefix + token
        let isThere = try storing { () throws(FileError) in try files.exists(ask) }
        guard isThere, try folder.isOpenForWriting() else {
            // It may have been answered between the two looks.
            let isAnswered = try storing { () throws(FileError) in try files.exists(answer) }
            return isAnswered ? .waiting : .forgotten
        }
        return .waiting
    }

    /// Takes a request back.
    package static func forget(_ path: String, token: String, on files: any FileSystem) {
        let folder = DataFolder(path: path, files: files)
        do throws(FileError) { try files.remove(folder.requestsPath + "/" + askPrefix + token) } catch {}
    }

    private static func parse(_ text: String) -> State {
        let words = text.split(separator: "\n", omittingEmptySubsequences: false).first?.split(separator: " ", maxSplits: 3) ?? []
        if words.count == 4, words[0] == "snapshot", let version = UInt64(words[1]), let moment = Int64(words[2]) {
            return .done(
                SnapshotEntry(version: version, publishedAt: Instant(microseconds: moment), digest: String(words[3])))
        }
        guard words.count >= 2, words[0] == "failed", let code = Int32(words[1]) else {
            return .failed(exitCode: 74, message: "the answer of the process that has the data open is not understood")
        }
        return .failed(exitCode: code, message: String(text.dropFirst("failed \(code) ".utf8.count)))
    }

    fileprivate static func answer(_ ask: String, _ result: Result<SnapshotEntry, StoreError>, _ folder: DataFolder)
        throws(FileError)
    {
        let text =
            switch result {
            case .success(let entry): "snapshot \(entry.version) \(entry.publishedAt.microseconds) \(entry.digest)\n"
            case .failure(let error): "failed \(error.exitCode) \(error)"
            }
        try folder.files.replace(
            folder.requestsPath + "/" + answerPrefix + ask.dropFirst(askPrefix.count), with: Array(text.utf8),
            in: folder.requestsPath)
        try folder.files.remove(folder.requestsPath + "/" + ask)
    }

    fileprivate static func asked(_ folder: DataFolder) throws(FileError) -> [String] {
        guard try folder.files.exists(folder.requestsPath) else { return [] }
        return try folder.files.list(folder.requestsPath).filter { $0.hasPrefix(askPrefix) && !$0.hasSuffix(".tmp") }
    }
}

extension Store {
    /// Does what other processes ask for by files of the folder; the caller's thread waits. Call it every second or so.
    package func answerRequests() throws(StoreError) {
        guard let folder = durability?.folder else { return }
        for ask in try storing({ () throws(FileError) in try StoreRequest.asked(folder) }) {
            let result: Result<SnapshotEntry, StoreError>
            do throws(StoreError) {
                result = .success(try snapshot())
            } catch {
                result = .failure(error)
            }
            try storing { () throws(FileError) in try StoreRequest.answer(ask, result, folder) }
        }
    }
}

extension DataFolder {
    /// Whether some process has the folder for itself.
    func isOpenForWriting() throws(StoreError) -> Bool {
        guard try storing({ () throws(FileError) in try files.exists(lockPath) }) else { return false }
        let file = try storing { () throws(FileError) in try files.open(lockPath, .read) }
        return try !storing { () throws(FileError) in try file.lock(exclusively: false) }
    }

    /// Nobody waits any more for what an earlier process was asked.
    func forgetRequests() throws(FileError) {
        guard try files.exists(requestsPath) else { return }
        for name in try files.list(requestsPath) { try files.remove(requestsPath + "/" + name) }
    }
}
