import Bytes
import Foundation
import StoreColumns
import StoreSnapshot
import Synchronization
import Testing

@Suite struct `A version that is passed type by type` {
    /// Rooms and exhibits of every kind, more than a chunk of them if that is asked for.
    private func builder(
        rooms: Int, exhibits: Int, seed: UInt64, in scratch: Scratch? = nil, change: (TableBuilder) -> Void = { _ in }
    ) -> GraphBuilder {
        var random = SeededGenerator(state: seed)
        func chance(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        let builder = GraphBuilder(catalog: Museum.catalog, in: scratch)
        let halls = builder.table(Museum.room)
        for room in 0..<rooms {
            #expect(halls.texts(0).append("r\(room)"))
            if chance(3) == 0 { halls.texts(1).appendNull() } else { #expect(halls.texts(1).append("Hall \(chance(9))")) }
        }
        let works = builder.table(Museum.exhibit)
        let (barcodes, titles) = (works.texts(8), works.texts(7, TextAppender.Repetition.unknown))
        for row in 0..<exhibits {
            works.ints(0).append(Int32(row))
            works.references(1).append(UInt32(seed % 2 == 0 ? row * rooms / exhibits : chance(rooms)))
            works.longs(2).append(chance(4) == 0 ? nil : Int64(chance(100_000)) - 50_000)
            works.floats(3).append(chance(4) == 0 ? nil : Double(chance(100)) / 4)
            works.ints(4).append(chance(4) == 0 ? nil : Int32(chance(20_000)))
            works.longs(5).append(chance(4) == 0 ? nil : Int64(chance(1 << 40)))
            works.codes(6).append(chance(4) == 0 ? nil : UInt16(chance(3)))
            if chance(5) == 0 {
                titles.appendNull()
            } else {
                #expect(titles.append("title \(seed % 3 == 0 ? row : chance(500))"))
            }
            if chance(5) == 0 { barcodes.appendNull() } else { #expect(barcodes.append("b\(row)")) }
            works.booleans(9).append(chance(4) == 0 ? nil : chance(2) == 0)
            #expect(works.codeLists(10).append(chance(4) == 0 ? nil : (0..<chance(3)).map { UInt16($0) }))
            #expect(works.referenceLists(11).append(chance(4) == 0 ? nil : (0..<chance(3)).map { _ in UInt32(chance(rooms)) }))
            works.ints(12).append(chance(4) == 0 ? nil : Int32(row))
        }
        change(works)
        return builder
    }

    private func contents(_ folder: String, _ files: any FileSystem) throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        for name in try files.list(folder) where name != "indexes" {
            found[name] = try files.contents(of: folder + "/" + name, limit: 1 << 30)
        }
        for name in try files.list(folder + "/indexes") {
            found["indexes/" + name] = try files.contents(of: folder + "/indexes/" + name, limit: 1 << 30)
        }
        return found
    }

    @Test(arguments: [(3, 20, 1), (40, 700, 2), (7, 300, 3), (1, 1, 4), (5_000, 70_000, 6)] as [(Int, Int, UInt64)])
    func `makes the files that it would make as a whole`(rooms: Int, exhibits: Int, seed: UInt64) throws {
        let files = try storage()
        let version = try builder(rooms: rooms, exhibits: exhibits, seed: seed)
            .finish(number: 1, publishedAt: Instant(microseconds: 5))
        let whole = try Snapshot.write(version, description, to: "/versions/1", on: files)
        let graph = try builder(rooms: rooms, exhibits: exhibits, seed: seed)
            .finishForPassing(number: 1, publishedAt: Instant(microseconds: 5))
        let passed = try Snapshot.write(graph, description, to: "/versions/2", on: files)
        #expect(passed == whole)
        let (left, right) = (try contents("/versions/1", files), try contents("/versions/2", files))
        #expect(left.keys.sorted() == right.keys.sorted())
        for (name, bytes) in left { #expect(right[name] == bytes, "\(name)") }
        _ = try Snapshot.verify("/versions/2", on: files)
    }

    @Test func `gives its room back while it is passed`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "passing-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let scratch = Scratch(folder: folder.path(percentEncoded: false), slabByteCount: 1 << 18)
        // Whoever filled the columns may still hold their ends.
        var ends: [ColumnAppender] = []
        let builder = builder(rooms: 5_000, exhibits: 70_000, seed: 1, in: scratch) { works in
            ends = (0..<13).map { works.appender($0) }
        }
        let steps = Mutex<[(type: String, held: Int)]>([])
        let graph = try builder.finishForPassing(number: 1, publishedAt: Instant(microseconds: 5)) { step in
            guard case .passed(let type, _, _) = step else { return }
            steps.withLock { $0.append((type, scratch.heldByteCount)) }
        }
        let filled = scratch.heldByteCount
        _ = try Snapshot.write(graph, description, to: "/versions/1", on: storage())
        let seen = steps.withLock { $0 }
        #expect(seen.map(\.type) == ["Nothing", "Room", "Exhibit"])
        // Exhibits take nearly all, and rooms what the edges from them took.
        #expect(filled > 4 << 20, "\(filled)")
        #expect(seen[1].held <= filled && seen[2].held < filled / 8, "\(filled), then \(seen)")
        #expect(scratch.failure == nil)
        withExtendedLifetime((builder, graph, ends)) {}
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).isEmpty)
    }

    @Test func `is refused for what a whole version is refused`() throws {
        func problems(_ change: @escaping (TableBuilder) -> Void) -> (whole: [ChangeProblem], passed: [ChangeProblem]) {
            var found: [[ChangeProblem]] = []
            for passes in [false, true] {
                let builder = builder(rooms: 5, exhibits: 0, seed: 1, change: change)
                do throws(ChangeSetRefused) {
                    if passes {
                        _ = try builder.finishForPassing(number: 1, publishedAt: Instant(microseconds: 5))
                    } else {
                        _ = try builder.finish(number: 1, publishedAt: Instant(microseconds: 5))
                    }
                    found.append([])
                } catch {
                    found.append(error.problems)
                }
            }
            return (found[0], found[1])
        }
        func exhibit(_ works: TableBuilder, _ number: Int32, _ room: UInt32, barcode: String? = nil) {
            works.ints(0).append(number)
            works.references(1).append(room)
            works.texts(7).appendNull()
            if let barcode { #expect(works.texts(8).append(barcode)) } else { works.texts(8).appendNull() }
        }
        let (whole, passed) = problems { works in
            exhibit(works, 1, 2, barcode: "b")
            exhibit(works, 1, 2)
            exhibit(works, 2, 5)
            exhibit(works, 3, 1, barcode: "b")
        }
        #expect(whole == passed)
        #expect(
            Set(passed.map(\.reason)) == [.duplicateKey(firstRow: 0), .danglingReference, .notUnique])
        #expect(problems { exhibit($0, 1, 2) } == ([], []))
    }

    @Test func `leaves nothing, or a whole snapshot, when a storage call fails`() throws {
        func graph() throws -> PassingGraph {
            try builder(rooms: 3, exhibits: 9, seed: 1).finishForPassing(number: 1, publishedAt: Instant(microseconds: 5))
        }
        let untouched = try storage()
        untouched.failing { _ in nil }
        _ = try Snapshot.write(graph(), description, to: "/versions/1", on: untouched)
        let callCount = untouched.calls.count
        var failureCount = 0
        for index in 0..<callCount {
            let files = try storage()
            let graph = try graph()
            files.failing { $0.index == index ? StorageFault(.full) : nil }
            do throws(SnapshotError) {
                _ = try Snapshot.write(graph, description, to: "/versions/1", on: files)
            } catch {
                guard case .storage(let cause) = error.reason else {
                    Issue.record("call \(index): \(error)")
                    continue
                }
                #expect(cause.reason == .full)
                failureCount += 1
            }
            files.failing { _ in nil }
            if try files.exists("/versions/1") {
                _ = try Snapshot.verify("/versions/1", on: files)
            } else {
                #expect(try files.list("/versions") == [], "call \(index)")
            }
        }
        // Indexes that are not there yet are looked for, and need not be found.
        #expect(failureCount > callCount / 2, "\(failureCount) of \(callCount)")
    }
}
