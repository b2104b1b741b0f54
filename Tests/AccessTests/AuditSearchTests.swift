import Access
import Bytes
import Glibc
import StoreColumns
import Testing

/// Who was told something, as auditors ask it.
@Suite struct `Searching the audit` {
    private static let digests = AuditDigests(key: Array(0..<32))

    private static func name(_ person: Int) -> RowPseudonym { digests.row("P\(person)", of: "Person") }

    private static func event(
        _ kind: String, _ view: String, about persons: [Int], key: String, role: String = "reader", reason: String? = nil
    ) -> AuditEvent {
        var members: [(name: String, value: AuditEvent.Value)] = [("key", .text(key)), ("role", .text(role))]
        if let reason { members.append(("statedReason", .text(reason))) }
        members.append(("classes", .texts([.init(name: kind, text: view)])))
        if persons.count > 3 {
            var filter = SubjectFilter(count: persons.count)
            for person in persons { filter.insert(name(person)) }
            members.append(
                ("about", .object(["Person"], [.object(["count", "filter"], [.int(persons.count), .text(filter.text)])])))
        } else if !persons.isEmpty {
            members.append(
                (
                    "about",
                    .object(
                        ["Person"], [.object(["count", "rows"], [.int(persons.count), .list(persons.map { name($0).text })])])
                ))
        }
        members.append(("rows", .int(persons.count)))
        return AuditEvent("answer", members)
    }

    /// Three days, in files of a few lines.
    private func audit() throws -> MemoryFileSystem {
        let (files, clock) = (MemoryFileSystem(), `The audit`.TestClock())
        let file = try `The audit`.open(files, clock, fileByteLimit: 900)
        for day in 0..<3 {
            try file.append(`The audit`.event(day))
            try file.append(Self.event("ID", "full", about: [day], key: "a", reason: "file \(day)"))
            try file.append(Self.event("ID", "masked", about: [], key: "b", role: "helper"))
            try file.append(Self.event("HEALTH", "full", about: [1, 2], key: "b", role: "helper"))
            try file.append(Self.event("BANK", "full", about: Array(10..<20), key: "c"))
            clock.advance(seconds: 86_400)
        }
        return files
    }

    private func found(_ change: (inout AuditSearch) -> Void) throws -> [String] {
        var search = AuditSearch(limit: 100)
        change(&search)
        let findings = try search.run(`The audit`.folder, on: try audit())
        return findings.entries.map { entry in
            let kinds = entry.classes.map { "\($0.kind) \($0.view)" }.joined()
            return "\(entry.at.prefix(10).suffix(2)) \(entry.key) \(kinds) \(entry.rowCount)\(entry.isPerhaps ? " perhaps" : "")"
        }
    }

    @Test func `by class, view, key, role and day`() throws {
        #expect(
            try found { $0.kinds = ["ID"] } == [
                "21 a ID full 1", "21 b ID masked 0", "22 a ID full 1", "22 b ID masked 0", "23 a ID full 1", "23 b ID masked 0",
            ])
        #expect(try found { ($0.kinds, $0.views) = (["ID", "BANK"], ["full"]) }.count == 6)
        #expect(try found { $0.views = ["masked"] }.count == 3)
        #expect(try found { $0.key = "c" }.count == 3)
        #expect(try found { $0.role = "helper" }.count == 6)
        #expect(
            try found {
                ($0.role, $0.from, $0.to) = ("helper", CivilDate(isoText: "2026-11-22"), CivilDate(isoText: "2026-11-22"))
            }
                == ["22 b ID masked 0", "22 b HEALTH full 2"])
        #expect(try found { _ in }.count == 12)
    }

    @Test func `by whom it was about, listed or perhaps`() throws {
        #expect(try found { $0.subject = Self.name(0) } == ["21 a ID full 1"])
        #expect(
            try found { $0.subject = Self.name(2) } == [
                "21 b HEALTH full 2", "22 b HEALTH full 2", "23 a ID full 1", "23 b HEALTH full 2",
            ])
        #expect(
            try found { $0.subject = Self.name(12) } == [
                "21 c BANK full 10 perhaps", "22 c BANK full 10 perhaps", "23 c BANK full 10 perhaps",
            ])
        #expect(try found { $0.subject = Self.digests.row("P2", of: "Home") }.isEmpty)
        #expect(try found { $0.subject = AuditDigests(key: Array(1..<33)).row("P2", of: "Person") }.isEmpty)
    }

    @Test func `a few at a time, each once, and it says where there is more`() throws {
        let files = try audit()
        var (numbers, rounds) = ([Int](), 0)
        while true {
            var search = AuditSearch(limit: 5)
            search.after = numbers.last ?? 0
            let findings = try search.run(`The audit`.folder, on: files)
            numbers += findings.entries.map(\.number)
            rounds += 1
            guard findings.isCut else { break }
        }
        #expect(rounds == 3 && numbers.count == 12 && numbers == Set(numbers).sorted())
        var search = AuditSearch(limit: 5)
        search.kinds = ["none"]
        #expect(try search.run(`The audit`.folder, on: files).isCut == false)
    }

    @Test func `half a line at the end is no line yet`() throws {
        let files = try audit()
        let name = try #require(try files.list(`The audit`.folder).last)
        let bytes = try `The audit`.bytes(files, name)
        try `The audit`.put(Array(bytes.dropLast(30)), name, files)
        #expect(try AuditSearch(limit: 100).run(`The audit`.folder, on: files).entries.count == 11)
    }

    /// `HEARTH_AUDIT_LINES` for how long it takes.
    @Test func `many lines are looked through once`() throws {
        let count = unsafe getenv("HEARTH_AUDIT_LINES").flatMap { unsafe Int(String(cString: $0)) } ?? 2_000
        let files = MemoryFileSystem()
        let file = try `The audit`.open(files, fileByteLimit: 64 << 20)
        for line in 0..<count {
            try file.append(
                line % 10 == 0
                    ? Self.event("ID", "full", about: [line, line + 1, line + 2], key: "a") : `The audit`.event(line))
        }
        var search = AuditSearch(limit: 10)
        search.subject = Self.name(count / 20 * 10)
        let start = ContinuousClock.now
        let findings = try search.run(`The audit`.folder, on: files)
        let names = try files.list(`The audit`.folder)
        let bytes = try names.reduce(0) { try $0 + files.status(`The audit`.folder + "/" + $1).byteCount }
        print("audit: \(findings.lineCount) lines, \(bytes) bytes looked through in \(ContinuousClock.now - start)")
        #expect(findings.entries.count == 1 && findings.lineCount == count + 2)
    }

    @Test func `a filter tells of all that are in it, and of few others`() {
        for count in [1, 2, 100, 5_000] {
            var filter = SubjectFilter(count: count)
            for person in 0..<count { filter.insert(Self.name(person)) }
            let read = SubjectFilter(filter.text)
            #expect(read == filter)
            #expect((0..<count).allSatisfy { filter.mayContain(Self.name($0)) })
            let others = (1_000_000..<1_005_000).count { filter.mayContain(Self.name($0)) }
            #expect(others < 250, "\(others) of 5,000 others seem to be among \(count)")
        }
        #expect(SubjectFilter("") == nil && SubjectFilter("a=") == nil)
        #expect(Self.name(1).text.utf8.count == 16)
    }

    /// Flipped, dropped, moved and cut: four hundred, with the head that was kept.
    @Test func `four hundred ways to tamper are all found`() throws {
        let (files, whole) = try `The audit`.audit(lines: 30, fileByteLimit: 2_000)
        let names = try files.list(`The audit`.folder)
        var originals: [String: [UInt8]] = [:]
        for name in names { originals[name] = try `The audit`.bytes(files, name) }
        var chance = SystemRandomNumberGenerator()
        var (found, byKind) = (0, [0, 0, 0, 0])
        for round in 0..<400 {
            let kind = round % 4
            let name = kind == 3 ? names[names.count - 1] : names[Int.random(in: 0..<names.count, using: &chance)]
            let bytes = originals[name] ?? []
            var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: true).map { Array($0) + [0x0A] }
            var changed: [UInt8]
            switch kind {
            case 0:
                changed = bytes
                let index = Int.random(in: 0..<bytes.count, using: &chance)
                changed[index] ^= UInt8.random(in: 1...255, using: &chance)
            case 1:
                lines.remove(at: Int.random(in: 0..<lines.count, using: &chance))
                changed = Array(lines.joined())
            case 2:
                guard lines.count > 1 else {
                    // A file of one line: the line twice.
                    changed = bytes + bytes
                    break
                }
                let first = Int.random(in: 0..<lines.count - 1, using: &chance)
                lines.swapAt(first, first + 1)
                changed = Array(lines.joined())
            default: changed = Array(bytes.dropLast(Int.random(in: 1...bytes.count, using: &chance)))
            }
            try `The audit`.put(changed, name, files)
            do throws(AuditProblem) {
                let report = try AuditReading.check(`The audit`.folder, on: files, wanted: whole.head)
                // The last line feed is all that may be missing: it is told as a line that is not whole.
                #expect(report.tornByteCount > 0, "round \(round): \(name)")
                if report.tornByteCount > 0 { found += 1 }
            } catch {
                found += 1
                byKind[kind] += 1
            }
            try `The audit`.put(bytes, name, files)
        }
        print("audit: \(found) of 400 found, told as damage by kind \(byKind)")
        #expect(found == 400)
    }
}
