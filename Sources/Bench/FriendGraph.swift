import JSONText
import Model
import Query
import StoreColumns

/// A thousand members with ten friends each: the list that every implementation is asked for, in the forms it is read from.
struct FriendGraph {
    static let memberCount = 1_000
    static let friendCount = 10

    let numbers = (0..<memberCount).map { "M\($0)" }
    let names = (0..<memberCount).map { "Member number \($0)" }

    func friends(of member: Int) -> [Int] {
        (1...Self.friendCount).map { (member + $0 * 37) % Self.memberCount }
    }

    /// `M0` before `M1` before `M10`: lists come in the order of their keys.
    var inKeyOrder: [Int] { inKeyOrder(Array(0..<Self.memberCount)) }

    func inKeyOrder(_ members: [Int]) -> [Int] { members.sorted { numbers[$0] < numbers[$1] } }

    func version(of model: Model) throws -> GraphVersion {
        guard let type = model.type(named: "Member")?.nodeType else { throw Sample.Unusable(description: "No members.") }
        var cells: [Cell] = []
        for member in 0..<Self.memberCount {
            for column in model.catalog[type].columns {
                switch column.name {
                case "number": cells.append(.string(numbers[member]))
                case "name": cells.append(.string(names[member]))
                default: cells.append(.referenceList(friends(of: member).map { Key([.string(numbers[$0])]) }))
                }
            }
        }
        let changes = TypeChanges(type: type, columns: Array(model.catalog[type].columns.indices), cells: cells)
        return try GraphVersion.empty(catalog: model.catalog).applying(
            ChangeSet(types: [changes]), number: 1, publishedAt: Instant(microseconds: 0))
    }

    /// The shape of an answer, around members and around each one's friends.
    struct Shape {
        var (beforeMembers, beforeFriends, behindFriends, behindMembers): (String, String, String, String)
    }

    /// A body that writes the same answer from arrays of texts, by hand: what is left when there is no question any more.
    func byHand(_ shape: Shape, lists: [[Int]]) -> () -> [UInt8] {
        let parts = [
            shape.beforeMembers, shape.beforeFriends, shape.behindFriends, shape.behindMembers, "{\"number\":", ",\"name\":",
        ].map { Array($0.utf8) }
        return { [numbers, names] in
            var writer = JSONWriter()
            writer.raw(parts[0])
            for friends in lists {
                writer.separate()
                writer.raw(parts[1])
                for friend in friends {
                    writer.separate()
                    writer.raw(parts[4])
                    writer.string(numbers[friend])
                    writer.raw(parts[5])
                    writer.string(names[friend])
                    writer.endObject()
                }
                writer.raw(parts[2])
            }
            writer.raw(parts[3])
            return writer.finish()
        }
    }
}
