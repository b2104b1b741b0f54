extension Parser {
    /// Value, put into the document.
    mutating func storedValue(isConstant: Bool) throws(SyntaxError) -> Position<Value> {
        let value = try value(isConstant: isConstant)
        document.values.append(value, roomFor: byteCount / 32)
        return Position(document.values.count - 1)
    }

    /// DefaultValue : `=` Value[Const]
    mutating func defaultValue() throws(SyntaxError) -> Position<Value>? {
        try take(.equals) ? try storedValue(isConstant: true) : nil
    }

    /// Value[Const] : [~Const] Variable | IntValue | FloatValue | StringValue | BooleanValue | NullValue | EnumValue
    /// | ListValue[?Const] | ObjectValue[?Const]
    private mutating func value(isConstant: Bool) throws(SyntaxError) -> Value {
        let start = token
        switch start.kind {
        case .int: return try leaf(.int)
        case .float: return try leaf(.float)
        case .string: return try leaf(.string(StringValue(range: start.range, isBlock: false)))
        case .blockString: return try leaf(.string(StringValue(range: start.range, isBlock: true)))
        case .name:
            switch start.name {
            case .true: return try leaf(.boolean(true))
            case .false: return try leaf(.boolean(false))
            case .null: return try leaf(.null)
            default: return try leaf(.enumeration(start.name))
            }
        case .openBracket: return try list(isConstant: isConstant)
        case .openBrace: return try object(isConstant: isConstant)
        case .dollar:
            try advance()
            if isConstant { throw failure("A constant value holds no variable.", at: start) }
            let name = try name("the name of a variable")
            return Value(kind: .variable(name.id), range: range(from: start))
        default:
            throw unexpected(expecting: "a value")
        }
    }

    private mutating func leaf(_ kind: Value.Kind) throws(SyntaxError) -> Value {
        let value = Value(kind: kind, range: token.range)
        try advance()
        return value
    }

    /// ListValue[Const] : `[` Value[?Const]* `]`
    private mutating func list(isConstant: Bool) throws(SyntaxError) -> Value {
        let start = token
        try advance()
        let first = values.count
        while try !take(.closeBracket) {
            let item = try value(isConstant: isConstant)
            values.push(item)
        }
        let run = values.move(from: first, to: &document.values, roomFor: byteCount / 32)
        return Value(kind: .list(run), range: range(from: start))
    }

    /// ObjectValue[Const] : `{` ObjectField[?Const]* `}`
    ///
    /// ObjectField[Const] : Name `:` Value[?Const]
    private mutating func object(isConstant: Bool) throws(SyntaxError) -> Value {
        let start = token
        try advance()
        let first = objectFields.count
        while try !take(.closeBrace) {
            let start = token
            let name = try name("the name of an input field, or '}'")
            try expect(.colon)
            let value = try storedValue(isConstant: isConstant)
            objectFields.push(ObjectField(name: name, value: value, range: range(from: start)))
        }
        let run = objectFields.move(from: first, to: &document.objectFields, roomFor: byteCount / 32)
        return Value(kind: .object(run), range: range(from: start))
    }

    /// Type : NamedType | ListType | NonNullType
    ///
    /// ListType : `[` Type `]`
    ///
    /// NonNullType : NamedType `!` | ListType `!`
    mutating func type() throws(SyntaxError) -> Position<TypeNode> {
        let start = token
        let kind: TypeNode.Kind
        if try take(.openBracket) {
            kind = .list(try type())
            try expect(.closeBracket)
        } else {
            kind = .named(try name("a type"))
        }
        document.typeReferences.append(TypeNode(kind: kind, range: range(from: start)), roomFor: byteCount / 48)
        let type = Position<TypeNode>(document.typeReferences.count - 1)
        guard try take(.bang) else { return type }
        document.typeReferences.append(TypeNode(kind: .nonNull(type), range: range(from: start)))
        return Position(document.typeReferences.count - 1)
    }
}
