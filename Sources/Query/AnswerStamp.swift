import JSONText
import StoreColumns

/// What an answer says of the data that it is of: `,"extensions":{"data":{…}}`. `api.md` §5
struct AnswerStamp {
    /// As it is where no parameter was read.
    private let plain: [UInt8]
    private let change: AnswerIdentity?

    /// - Parameter change: Where the answer names the newest version of what it reads, and not its own.
    init(_ plain: [UInt8], change: AnswerIdentity? = nil) {
        self.plain = plain
        self.change = change
    }

    /// - Parameter parameters: Those that the answer was made with.
    func bytes(_ version: GraphVersion, _ asOf: CivilDate, _ parameters: [RecordedParameter]) -> [UInt8] {
        parameters.isEmpty && change == nil ? plain : Self.bytes(version, asOf, parameters, change)
    }

    static func bytes(
        _ version: GraphVersion, _ asOf: CivilDate, _ parameters: [RecordedParameter] = [], _ change: AnswerIdentity? = nil
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 128)
        writer.byte(UInt8(ascii: ","))
        writer.string("extensions")
        writer.byte(UInt8(ascii: ":"))
        writer.beginObject()
        writer.name("data")
        writer.beginObject()
        if let change {
            writer.name("dataChangedAt")
            writer.string(String(change.changedAt))
        } else {
            writer.name("version")
            writer.string(String(version.number))
            writer.name("publishedAt")
            writer.string(version.publishedAt.description)
        }
        if change?.readsAsOf != false {
            writer.name("asOf")
            writer.string(asOf.description)
        }
        if !parameters.isEmpty {
            writer.name("parameters")
            writer.beginArray()
            for parameter in parameters {
                writer.separate()
                writer.parameter(parameter)
            }
            writer.endArray()
        }
        writer.endObject()
        writer.endObject()
        return writer.finish()
    }
}
