import Foundation
import FuzzLaws
import Testing

/// The inputs that are kept: those that `./hearth fuzz` begins with (`Tests/Fuzz/Seeds`), and those that broke a law once (`Tests/Fuzz/Found`).
@Suite struct `Inputs from outside` {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The files of a folder below `Tests/Fuzz`; none where there is no such folder.
    static func files(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
        let url = root.appending(path: "Tests/Fuzz").appending(path: folder)
        guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false)).sorted().map { name in
            ("\(folder)/\(name)", Array(try Data(contentsOf: url.appending(path: name))))
        }
    }

    /// Where a target's inputs lie; the language's are shared.
    static func inputs(of target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
        let seeds: [String] =
            switch target {
            case .lexer, .parser: ["language", "schema", "validator"]
            default: [target.rawValue]
            }
        let samples = target.samples.enumerated().map { ("sample \($0)", $1) }
        return try samples + seeds.flatMap { try files("Seeds/" + $0) } + files("Found/" + target.rawValue)
    }

    @Test(arguments: FuzzTarget.allCases)
    func `that are kept, whole, cut short and with bytes changed, break no law`(target: FuzzTarget) throws {
        let inputs = try Self.inputs(of: target)
        #expect(!inputs.isEmpty, "no input of '\(target)' is kept in Tests/Fuzz/Seeds")
        var chance = SeededChance(state: 0x5EED)
        for (name, bytes) in inputs {
            check(bytes, target, name)
            for round in 0..<(ProcessInfo.processInfo.environment["HEARTH_LONG_TESTS"] == nil ? 12 : 2_000) {
                let changed = chance.changed(bytes)
                check(changed, target, "\(name), change \(round)")
            }
        }
    }

    /// What the fuzzer begins with is files; `RECORD=1` writes those that the laws make themselves.
    @Test func `that the laws make are whole`() throws {
        for target in FuzzTarget.allCases {
            for (number, bytes) in target.samples.enumerated() {
                #expect(!bytes.isEmpty)
                guard ProcessInfo.processInfo.environment["RECORD"] == "1" else { continue }
                let folder = Self.root.appending(path: "Tests/Fuzz/Seeds").appending(path: target.rawValue)
                try Data(bytes).write(to: folder.appending(path: "sample-\(number)"))
            }
        }
        #expect(FuzzTarget.allCases.filter { !$0.samples.isEmpty }.count == 10)
    }

    @Test func `are looked for by the command in every target`() throws {
        let command = try String(contentsOf: Self.root.appending(path: "hearth"), encoding: .utf8)
        let list = command.components(separatedBy: "fuzz_targets=(").dropFirst().first?.components(separatedBy: ")").first
        #expect(list?.split(whereSeparator: \.isWhitespace).map(String.init) == FuzzTarget.allCases.map(\.rawValue))
    }

    private func check(_ bytes: [UInt8], _ target: FuzzTarget, _ story: String) {
        do throws(BrokenLaw) {
            try target.check(bytes)
        } catch {
            Issue.record("\(target): \(story): \(error): \(bytes.prefix(2_000))")
        }
    }
}

/// The same changes in every run.
private struct SeededChance {
    var state: UInt64

    private mutating func number(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(bound, 1)))
    }

    /// Cut short, or with a few bytes changed, doubled or left out.
    mutating func changed(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        if number(below: 6) == 0 { return Array(bytes.prefix(number(below: bytes.count))) }
        for _ in 0...number(below: 3) where !bytes.isEmpty {
            let place = number(below: bytes.count)
            switch number(below: 4) {
            case 0: bytes[place] ^= 1 << UInt8(number(below: 8))
            case 1: bytes[place] = UInt8(number(below: 256))
            case 2: bytes.remove(at: place)
            default: bytes.insert(contentsOf: bytes[place..<min(place + number(below: 9), bytes.count)], at: place)
            }
        }
        return bytes
    }
}
