import Bytes
import JSONText
import Testing

/// Objects put together from columns are those that were written member by member.
@Suite("Objects of columns") struct ObjectBatchTests {
    /// A level of a random program with what its objects are, written member by member.
    private struct Level {
        var object: ObjectProgram.Object
        var rowCount: Int
        var expected: [String]
        /// Fills its columns, and those of the levels inside.
        var fill: (inout ObjectBatch, borrowing ObjectProgram) -> Void
        /// Escapes their texts.
        var escape: (inout ObjectBatch) -> Void
    }

    private func text(_ random: inout SeededRandom) -> String {
        let part = ["x", "长", "\"", "\\", "\n", "\u{1}", "ab ", "é"][random.below(8)]
        let plain = random.below(4) > 0
        return String(repeating: plain ? "v" : part, count: random.below(plain ? 40 : 12))
    }

    private func written(_ text: String?) -> String {
        guard let text else { return "null" }
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private func level(_ rowCount: Int, _ depth: Int, _ program: inout ObjectProgram, _ random: inout SeededRandom) -> Level {
        var members: [ObjectProgram.Member] = []
        var values: [[String]] = []
        var fills: [(inout ObjectBatch, Int, borrowing ObjectProgram) -> Void] = []
        var escapes: [(inout ObjectBatch, Int) -> Void] = []
        for index in 0...random.below(4) {
            let key = String(repeating: "k", count: index * 7 + random.below(3)) + "\(index)"
            var name = Array(",".utf8) + JSONWriter.prepared(name: key)
            let value: ObjectProgram.Value
            var texts = [String](repeating: "", count: rowCount)
            let kind = random.below(depth > 0 ? 5 : 3)
            switch kind {
            case 0, 1:
                let cells = (0..<rowCount).map { _ in random.below(5) == 0 ? nil : text(&random) }
                let shown = kind == 0 ? cells : cells.map { $0.map { written($0) } }
                value = kind == 0 ? .text : .json
                texts = cells.map { written($0) }
                // Texts stand anywhere in lists of their own, with and without room behind them.
                let padding = random.below(2) * 20
                fills.append { batch, column, _ in
                    batch.pieces.reserve(shown.count)
                    for cell in shown {
                        guard let cell else {
                            batch.pieces.appendNone()
                            continue
                        }
                        let bytes = Array(cell.utf8)
                        let list = Elements(copying: [1, 2] + bytes + [UInt8](repeating: 9, count: padding))
                        batch.pieces.hold(list)
                        batch.pieces.append(list.span, from: 2, to: 2 + bytes.count)
                    }
                }
                guard kind == 0 else { break }
                escapes.append { batch, first in
                    let isFull = batch.escapeTexts(ofColumn: first + index, rowCount: shown.count)
                    #expect(isFull == !shown.contains(nil))
                }
            case 2:
                value = .written
                let numbers = (0..<rowCount).map { _ in random.below(1_000_000) }
                texts = numbers.map { "\($0)" }
                fills.append { batch, _, _ in
                    for number in numbers {
                        batch.values.int(number)
                        batch.endValue()
                    }
                }
            default:
                let isList = kind == 3
                let counts = (0..<rowCount).map { _ in random.below(isList ? 4 : 2) }
                let inside = level(counts.reduce(0, +), depth - 1, &program, &random)
                value = isList ? .list(inside.object) : .one(inside.object)
                if isList { name += Array("{\"nodes\":[".utf8) }
                var ends: [Int] = []
                for row in 0..<rowCount {
                    let first = ends.last ?? 0
                    ends.append(first + counts[row])
                    let objects = inside.expected[first..<first + counts[row]].joined(separator: ",")
                    texts[row] = isList ? "{\"nodes\":[\(objects)]}" : objects.isEmpty ? "null" : objects
                }
                let all = ends
                fills.append { batch, _, program in
                    batch.append(ends: all.span)
                    inside.fill(&batch, program)
                }
                escapes.append { batch, _ in inside.escape(&batch) }
            }
            members.append(ObjectProgram.Member(name: name, value))
            values.append(texts.map { "\"\(key)\":\($0)" })
        }
        let (object, first) = program.add(members)
        let expected = (0..<rowCount).map { row in "{" + values.map { $0[row] }.joined(separator: ",") + "}" }
        return Level(object: object, rowCount: rowCount, expected: expected) { batch, program in
            for (index, fill) in fills.enumerated() {
                batch.begin(column: first + index, rowCount: rowCount, program)
                fill(&batch, first + index, program)
            }
        } escape: { batch in
            for escape in escapes { escape(&batch, first) }
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>) func `objects of columns are those written member by member`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var batch = ObjectBatch()
        var writer = JSONWriter(capacity: 1)
        var expected = ""
        for rowCount in [random.below(3), random.below(40)] {
            var program = ObjectProgram()
            let level = level(rowCount, 2, &program, &random)
            program.close()
            batch.begin(program)
            level.fill(&batch, program)
            // Only once all is there, behind which texts are put in place of others.
            level.escape(&batch)
            writer.byte(UInt8(ascii: "|"))
            writer.objects(level.object, rowCount, of: batch, program)
            expected += "|" + level.expected.joined(separator: ",")
        }
        #expect(String(decoding: writer.finish(), as: UTF8.self) == expected, "seed \(seed)")
    }
}

extension SeededRandom {
    fileprivate mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
