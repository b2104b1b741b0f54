import Bytes
import StoreColumns
import StoreSnapshot
import Synchronization
import Testing

@Suite struct `A damaged snapshot` {
    /// A snapshot in memory, and what it holds.
    private struct Sample {
        let files: MemoryFileSystem
        let manifest: Manifest
        let lines: [String]

        init() throws {
            files = try storage()
            let version = Museum.version(seed: 11, exhibits: 12, steps: 2)
            manifest = try Snapshot.write(version, description, to: "/versions/1", on: files)
            lines = told(version)
        }

        var names: [String] { manifest.files.map(\.name) + [Manifest.fileName] }
    }

    @Test func `with one bit flipped, in any file, is refused with the file, or holds the same`() throws {
        let sample = try Sample()
        var random = SeededGenerator(state: 5)
        var (detected, harmless): ([String: Int], [String: Int]) = ([:], [:])
        for name in sample.names {
            let path = "/versions/1/" + name
            let byteCount = try sample.files.status(path).byteCount
            for _ in 0..<24 {
                let bit = Int.random(in: 0..<byteCount * 8, using: &random)
                sample.files.flipBit(bit, of: path)
                do throws(SnapshotError) {
                    let opened = try Snapshot.open("/versions/1", on: sample.files)
                    #expect(told(opened.version) == sample.lines, "bit \(bit) of \(name) changed an answer in silence")
                    harmless[name, default: 0] += 1
                } catch {
                    #expect(error.path == path, "bit \(bit) of \(name): \(error)")
                    detected[name, default: 0] += 1
                }
                #expect(throws: SnapshotError.self, "bit \(bit) of \(name) is not verified") {
                    try Snapshot.verify("/versions/1", on: sample.files)
                }
                sample.files.flipBit(bit, of: path)
            }
        }
        // Indexes are made anew where they are damaged; everything else is seen when it is opened.
        for name in sample.names where !name.hasPrefix("indexes/") { #expect(harmless[name] == nil, "\(name)") }
        for name in sample.names where name.hasPrefix("indexes/") { #expect(detected[name] == nil, "\(name)") }
        _ = try Snapshot.verify("/versions/1", on: sample.files)
    }

    @Test func `with one bit flipped is not lent from where columns are checked on first use`() throws {
        let sample = try Sample()
        var random = SeededGenerator(state: 6)
        var counts = (atOpening: 0, onUse: 0)
        for name in sample.names where name.hasSuffix(".arrow") {
            let path = "/versions/1/" + name
            let byteCount = try sample.files.status(path).byteCount
            for _ in 0..<20 {
                let bit = Int.random(in: 0..<byteCount * 8, using: &random)
                sample.files.flipBit(bit, of: path)
                defer { sample.files.flipBit(bit, of: path) }
                let told = Mutex<[SnapshotError]>([])
                let opened: OpenSnapshot
                do throws(SnapshotError) {
                    opened = try Snapshot.open(
                        "/versions/1", on: sample.files, checking: .onFirstUse { error in told.withLock { $0.append(error) } })
                } catch {
                    #expect(error.path == path)
                    counts.atOpening += 1
                    continue
                }
                #expect(opened.version.damage == nil, "nothing was read yet")
                _ = StoreSnapshotTests.told(opened.version)
                #expect(opened.version.damage != nil, "bit \(bit) of \(name) was read")
                #expect(told.withLock { $0.map(\.path) } == [path], "the log is told once, which file it is")
                #expect(opened.version.checkColumns() != nil)
                #expect(throws: SnapshotError.self, "what was read as nulls does not last") {
                    try Snapshot.write(opened.version, description, to: "/versions/2", on: sample.files)
                }
                #expect(try !sample.files.exists("/versions/2"))
                counts.onUse += 1
            }
        }
        #expect(counts.atOpening > 0 && counts.onUse > 4, "\(counts)")
    }

    @Test func `lends what is not damaged, and finds the rest in the background`() throws {
        let sample = try Sample()
        let path = "/versions/1/Exhibit.arrow"
        // The last bytes before the tail are those of the last column's last batch.
        let tail = try #require(sample.manifest.files.first { $0.name == "Exhibit.arrow" }?.tail)
        sample.files.flipBit((tail.offset - 65) * 8, of: path)
        let opened = try Snapshot.open("/versions/1", on: sample.files, checking: .onFirstUse { _ in })
        #expect(opened.version.key(of: 0, type: Museum.exhibit) == Key(opened.version.key(of: 0, type: Museum.exhibit).parts))
        #expect(opened.version.damage == nil)
        #expect(opened.version.hasUncheckedColumns)
        #expect(opened.version.checkColumns()?.description.contains("Exhibit.arrow") == true)
        #expect(opened.version.damage == nil, "the pass in the background lends nothing")
    }

    @Test func `cut short, in any file, is refused`() throws {
        let sample = try Sample()
        for name in sample.names where !name.hasPrefix("indexes/") {
            let path = "/versions/1/" + name
            let whole = try sample.files.contents(of: path, limit: 1 << 24)
            for count in [0, 1, whole.count / 2, whole.count - 1] where count < whole.count {
                try sample.files.remove(path)
                try sample.files.writeNew(path, Array(whole[..<count]))
                #expect(throws: SnapshotError.self) { try Snapshot.open("/versions/1", on: sample.files) }
            }
            try sample.files.remove(path)
            try sample.files.writeNew(path, whole)
        }
        _ = try Snapshot.verify("/versions/1", on: sample.files)
    }

    @Test func `without its indexes opens, and does not verify`() throws {
        let sample = try Sample()
        try sample.files.removeTree("/versions/1/indexes")
        #expect(told(try Snapshot.open("/versions/1", on: sample.files).version) == sample.lines)
    }

    @Test func `absent, foreign, newer and damaged are four reasons`() throws {
        func reason(_ manifest: [UInt8]?) throws -> SnapshotError.Reason? {
            let files = try storage()
            try files.makeFolder("/versions/1")
            if let manifest { try files.writeNew("/versions/1/manifest.json", manifest) }
            do throws(SnapshotError) {
                _ = try Snapshot.open("/versions/1", on: files)
                return nil
            } catch {
                return error.reason
            }
        }
        #expect(try reason(nil) == .absent)
        #expect(try reason(Array(#"{"format":"something-else"}"#.utf8)) == .foreign)
        #expect(try reason(Array(#"{"format":"hearth-snapshot","formatNumber":4,"later":[]}"#.utf8)) == .newer(formatNumber: 4))
        #expect(try reason(Array(#"{"format":"hearth-snapshot","formatNumber":1}"#.utf8)) == .damaged)
        #expect(try reason(Array("not JSON".utf8)) == .damaged)
        #expect(try reason([]) == .damaged)
    }

    @Test func `a file that is missing is absent, by its name`() throws {
        for name in ["Room.arrow", "model.graphql"] {
            let sample = try Sample()
            try sample.files.remove("/versions/1/" + name)
            do throws(SnapshotError) {
                _ = try Snapshot.open("/versions/1", on: sample.files)
                Issue.record("opened without \(name)")
            } catch {
                #expect(error.reason == .absent)
                #expect(error.path == "/versions/1/" + name)
            }
        }
    }
}

@Suite struct `Writing a snapshot` {
    @Test func `when a storage call fails leaves no snapshot, or a whole one`() throws {
        let version = Museum.version(seed: 2, exhibits: 5, steps: 1)
        let lines = told(version)
        var failing = 0
        while true {
            let files = try storage()
            let index = failing
            files.failing { $0.index == index ? StorageFault(.inputOutput) : nil }
            do throws(SnapshotError) {
                _ = try Snapshot.write(version, description, to: "/versions/1", on: files)
                break
            } catch {
                guard case .storage(let cause) = error.reason else {
                    Issue.record("call \(index): \(error)")
                    break
                }
                #expect(cause.reason == .inputOutput)
            }
            files.failing { _ in nil }
            if try files.exists("/versions/1") {
                #expect(told(try Snapshot.open("/versions/1", on: files).version) == lines)
            } else {
                // The next attempt clears away what this one left.
                _ = try Snapshot.write(version, description, to: "/versions/1", on: files)
                #expect(told(try Snapshot.open("/versions/1", on: files).version) == lines)
            }
            failing += 1
        }
        #expect(failing > 20)
    }

    @Test func `that is cut short anywhere, by a loss of power too, leaves no snapshot, or a whole one`() throws {
        let version = Museum.version(seed: 2, exhibits: 5, steps: 1)
        let lines = told(version)
        let trial = try storage()
        try trial.synchronizeFolder("/")
        let first = trial.calls.count
        _ = try Snapshot.write(version, description, to: "/versions/1", on: trial)
        let callCount = trial.calls.count - first
        var (whole, absent) = (0, 0)
        for point in 0...callCount {
            let files = try storage()
            try files.synchronizeFolder("/")
            let start = files.calls.count
            files.failing { $0.index >= start + point ? StorageFault(.full, writtenByteCount: 20) : nil }
            let isWritten = (try? Snapshot.write(version, description, to: "/versions/1", on: files)) != nil
            files.failing { _ in nil }
            for left in [
                files.afterKill(), files.afterPowerLoss(.nothingKept), files.afterPowerLoss(.lengthsKept),
                files.afterPowerLoss(.drawn(seed: UInt64(point))),
            ] {
                if try left.exists("/versions/1") {
                    _ = try Snapshot.verify("/versions/1", on: left)
                    #expect(told(try Snapshot.open("/versions/1", on: left).version) == lines, "call \(point)")
                    whole += 1
                } else {
                    #expect(!isWritten, "call \(point): it was written, and is not there")
                    absent += 1
                }
            }
        }
        #expect(whole > 4 && absent > 20)
        print("snapshot crash points: \(callCount) calls, 4 ends each: \(whole) whole, \(absent) not there")
    }

    @Test func `fails with whichever block of a file fails, although the next one is being made meanwhile`() throws {
        let rooms = TypeChanges(
            type: Museum.room, columns: [0, 1],
            cells: (0..<60).flatMap { [Cell.string("\($0)" + String(repeating: "r", count: 60_000)), .null] })
        let version = try GraphVersion.empty(catalog: Museum.catalog).applying(
            ChangeSet(types: [rooms]), number: 1, publishedAt: Instant(microseconds: 1))
        let files = try storage()
        files.failing { _ in nil }
        _ = try Snapshot.write(version, description, to: "/versions/whole", on: files)
        let name = "/Room.arrow"
        let writes = files.calls.filter { $0.operation == .write && $0.path.hasSuffix(name) }
        #expect(writes.count > 3, "blocks, and what is left for the cache")
        #expect(told(try Snapshot.open("/versions/whole", on: files).version) == told(version))
        for index in writes.indices {
            let left = Mutex(index)
            files.failing { call in
                guard call.operation == .write, call.path.hasSuffix(name) else { return nil }
                return left.withLock { left in
                    left -= 1
                    return left == -1 ? StorageFault(.full, writtenByteCount: 100) : nil
                }
            }
            do throws(SnapshotError) {
                _ = try Snapshot.write(version, description, to: "/versions/1", on: files)
                Issue.record("write \(index) failed, and nobody was told")
            } catch {
                guard case .storage(let cause) = error.reason else { throw error }
                #expect(cause.reason == .full && cause.path == "/versions/1.tmp" + name)
            }
            #expect(left.withLock { $0 } == -1, "nothing is written behind what is missing")
            files.failing { _ in nil }
            #expect(try !files.exists("/versions/1"))
        }
    }

    @Test(arguments: [PowerLoss.nothingKept, .lengthsKept, .drawn(seed: 1), .drawn(seed: 2), .drawn(seed: 3)])
    func `that has returned survives a loss of power`(loss: PowerLoss) throws {
        let files = try storage()
        try files.synchronizeFolder("/")
        let version = Museum.version(seed: 3)
        _ = try Snapshot.write(version, description, to: "/versions/1", on: files)
        let after = files.afterPowerLoss(loss)
        _ = try Snapshot.verify("/versions/1", on: after)
        #expect(told(try Snapshot.open("/versions/1", on: after).version) == told(version))
    }
}
