import StoreColumns

/// What a column or an edge is called in an Arrow schema, and which of the types it may take it has there.
struct ArrowField: Hashable, Sendable {
    /// The types of `Schema/formats/Snapshot.md`.
    enum Form: Hashable, Sendable {
        /// No row has a value, or a target.
        case null
        case boolean
        case int8
        case int16
        case int32
        case int64
        case decimal64(scale: Int)
        case float64
        case date32
        case timestamp
        case uint32
        case utf8
        /// Codes of an enumeration, or of few texts.
        case dictionary8(id: Int)
        case dictionary16(id: Int)
        /// Codes of texts, which may be too long for 32-bit offsets.
        case dictionary32(id: Int, isLarge: Bool)
        /// Row numbers.
        case listOfUInt32
        case listOfDictionary8(id: Int)
        case listOfDictionary16(id: Int)
    }

    var name: String
    var isNullable: Bool
    /// `hearth.kind`.
    var kind: String
    var form: Form
    /// `hearth.repeats`: in how many rows of plain texts the text is one that an earlier row holds.
    var repeatCount = 0

    /// The dictionary that the field's codes name.
    var dictionary: Int? {
        switch form {
        case .dictionary8(let id), .dictionary16(let id), .dictionary32(let id, _), .listOfDictionary8(let id),
            .listOfDictionary16(let id):
            id
        default: nil
        }
    }

    /// How many field nodes and buffers the field takes in a record batch.
    var nodeCount: Int {
        switch form {
        case .listOfUInt32, .listOfDictionary8, .listOfDictionary16: 2
        default: 1
        }
    }

    var bufferCount: Int {
        switch form {
        case .null: 0
        case .utf8: 3
        case .listOfUInt32, .listOfDictionary8, .listOfDictionary16: 4
        default: 2
        }
    }

    static let kindKey = "hearth.kind"
    static let repeatKey = "hearth.repeats"
}
