import Bytes
import Testing

@Suite("Room for bytes") struct ByteRoomTests {
    @Test func `pieces of every length are put as they are, wherever they stand`() {
        for length in 0...50 {
            for behind in [0, 1, 15, 16, 40] {
                let text = (0..<length).map { UInt8($0 + 1) }
                let list = Elements(copying: [200] + text + [UInt8](repeating: 201, count: behind))
                var pieces = BytePieces()
                pieces.hold(list)
                pieces.reserve(3)
                pieces.append(list.span, from: 1, to: 1 + length)
                pieces.appendNone()
                pieces.append(list.span, from: 1, to: 1 + length)
                #expect(pieces.byteCount == 2 * length)
                #expect(pieces.isThere(0) && !pieces.isThere(1) && pieces.bytes(at: 1).isEmpty)
                var bytes = [UInt8](repeating: 7, count: 3 + 2 * length + 3 + ByteRoom.stride)
                var room = ByteRoom(bytes.mutableSpan, from: 3)
                room.put(pieces, at: 0)
                room.put(pieces, at: 1)
                room.put(90)
                room.put(pieces, at: 2)
                room.put(word: 0x4241, count: 2)
                let end = room.place
                #expect(Array(bytes[..<end]) == [7, 7, 7] + text + [90] + text + [0x41, 0x42])
            }
        }
    }

    private final class Owner {}

    /// Holds on to owners one after the other, each of them nowhere else.
    /// - Returns: which of the first ones are still held.
    private func held(after rounds: [[Int]]) -> [Bool] {
        weak var first: Owner?
        weak var second: Owner?
        var pieces = BytePieces()
        do {
            let owners = [Owner(), Owner(), Owner()]
            (first, second) = (owners[0], owners[1])
            for round in rounds {
                pieces.removeAll()
                for owner in round { pieces.hold(owners[owner]) }
            }
        }
        let held = [first != nil, second != nil]
        pieces.removeAll()
        return held
    }

    @Test func `what pieces lie in is held, in the first round and in every other`() {
        #expect(held(after: [[0]]) == [true, false])
        #expect(held(after: [[0, 1], [0, 1]]) == [true, true])
        #expect(held(after: [[0, 0, 1], [0, 1, 1]]) == [true, true])
        // Another comes first: those of the round before are not what is asked for, and those behind it are let go.
        #expect(held(after: [[0, 1], [2]]) == [false, false])
        #expect(held(after: [[0, 1], [1, 0]]) == [true, true])
        #expect(held(after: [[0, 1], [0, 2, 1]]) == [true, true])
        #expect(held(after: [[0, 2, 1], [0, 1]]) == [true, true])
    }

    @Test func `a piece between two bytes is what three puts would put, and nothing where there is none`() {
        for length in 0...40 {
            for behind in [0, 15, 16] {
                let text = (0..<length).map { UInt8($0 + 1) }
                let list = Elements(copying: [200] + text + [UInt8](repeating: 201, count: behind))
                var pieces = BytePieces()
                pieces.hold(list)
                pieces.reserve(2)
                pieces.append(list.span, from: 1, to: 1 + length)
                pieces.appendNone()
                var bytes = [UInt8](repeating: 7, count: 1 + length + 2 + ByteRoom.stride)
                var room = ByteRoom(bytes.mutableSpan, from: 1)
                let isNonePut = room.put(pieces, at: 1, between: 90)
                let isPut = room.put(pieces, at: 0, between: 90)
                let end = room.place
                #expect(!isNonePut && isPut)
                #expect(Array(bytes[..<end]) == [7, 90] + text + [90])
            }
        }
    }

    @Test func `the strides of a piece tell of each byte of it, and of none before it`() {
        for length in 1...40 {
            for marked in 0..<length {
                var text = [UInt8](repeating: 0, count: length)
                text[marked] = 128
                let list = Elements(copying: [128] + text + [UInt8](repeating: 0, count: ByteRoom.stride))
                var pieces = BytePieces()
                pieces.hold(list)
                pieces.reserve(3)
                pieces.append(list.span, from: 1, to: 1 + length)
                pieces.append(list.span, from: length + 1, to: length + 1)
                pieces.append(list.span, from: 1, to: list.count)
                #expect(pieces.strides(at: 0) { $0 } != .zero, "\(marked) of \(length)")
                #expect(pieces.strides(at: 1) { $0 } == .zero)
                #expect(pieces.strides(at: 2) { $0 } == nil, "nothing may be read behind it")
            }
        }
    }

    @Test func `bytes of a list are put from anywhere in it`() {
        let list = (0..<40).map { UInt8($0) }
        for first in 0..<40 {
            for end in first...40 {
                var bytes = [UInt8](repeating: 7, count: 40 + ByteRoom.stride)
                var room = ByteRoom(bytes.mutableSpan, from: 0)
                room.put(list.span, from: first, to: end)
                let count = room.place
                #expect(Array(bytes[..<count]) == Array(list[first..<end]))
            }
        }
    }

    @Test func `a piece that is replaced is another list's, which is held`() {
        var pieces = BytePieces()
        let list = Elements<UInt8>(copying: [1, 2, 3])
        pieces.hold(list)
        pieces.reserve(1)
        pieces.append(list.span, from: 0, to: 3)
        pieces.replace(0, with: Elements(copying: [4, 5]))
        #expect(pieces.byteCount == 2)
        #expect(pieces.bytes(at: 0).count == 2 && pieces.bytes(at: 0)[1] == 5)
        pieces.removeAll()
        #expect(pieces.count == 0 && pieces.byteCount == 0)
    }

    @Test func `more than there is room for ends the process`() async {
        await #expect(processExitsWith: .failure) {
            var bytes = [UInt8](repeating: 0, count: 20)
            let list = [UInt8](repeating: 1, count: 10)
            var room = ByteRoom(bytes.mutableSpan, from: 0)
            room.put(list.span, from: 0, to: 10)
        }
    }
}
