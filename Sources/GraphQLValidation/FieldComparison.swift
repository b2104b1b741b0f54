import GraphQLSyntax
import GraphQLTypes

/// In what two fields of one response name differ.
enum Difference {
    /// They are different fields.
    case field
    /// Their arguments differ.
    case arguments
    /// Their types have no common shape.
    case type
}

/// Compares two selections that are fields. Each of the three relations is an equivalence on fields whose definition is known.
struct FieldComparison {
    private let document: TypedDocument
    private let printer: Printer
    /// For each field with arguments that was compared, the number of its canonical arguments.
    private var argumentNumbers: [Int: Int] = [:]
    private var numbers: [[UInt8]: Int] = [:]

    init(_ document: TypedDocument) {
        self.document = document
        printer = Printer(document.document)
    }

    /// The type that a field is selected on, if that is an object type: then no other object type applies.
    func objectParent(_ field: Int) -> TypeID? {
        guard let parent = document.selections[field].parent, document.schema.types[parent.index].kind == .object else {
            return nil
        }
        return parent
    }

    /// Whether values of both have one shape: the same lists and non-nulls, around the same leaf or around composite types.
    func sameShape(_ first: Int, _ second: Int) -> Bool {
        guard var left = document.selections[first].type, var right = document.selections[second].type else { return true }
        if left == right { return true }
        while true {
            guard left.isNonNull == right.isNonNull, left.isList == right.isList else { return false }
            guard let leftElement = left.element, let rightElement = right.element else { break }
            (left, right) = (leftElement, rightElement)
        }
        return left.named == right.named
            || document.schema.types[left.named.index].isComposite && document.schema.types[right.named.index].isComposite
    }

    /// What keeps two fields from being the same; nil where they are.
    mutating func difference(_ first: Int, _ second: Int) -> Difference? {
        guard case .field(let left) = document.document.selections[first],
            case .field(let right) = document.document.selections[second]
        else { return nil }
        if left.name.id != right.name.id { return .field }
        if left.arguments.isEmpty, right.arguments.isEmpty { return nil }
        return argumentNumber(left, first) == argumentNumber(right, second) ? nil : .arguments
    }

    /// A number that two fields share if their arguments are the same but for order and layout.
    private mutating func argumentNumber(_ field: Field, _ index: Int) -> Int {
        if let known = argumentNumbers[index] { return known }
        let arguments = document[field.arguments].map { (document[$0.name.id], $0.value) }
        let text = arguments.sorted { $0.0 < $1.0 }.map { $0.0 + ":" + canonical($0.1) }.joined(separator: " ")
        let number = numbers[Array(text.utf8), default: numbers.count]
        numbers[Array(text.utf8)] = number
        argumentNumbers[index] = number
        return number
    }

    /// A value as text, the fields of objects in alphabetical order. The parser has bounded its depth.
    private func canonical(_ position: Position<Value>) -> String {
        let value = document[position]
        switch value.kind {
        case .list(let items): return "[" + items.indices.map { canonical(Position($0)) }.joined(separator: " ") + "]"
        case .object(let fields):
            let entries = document[fields].map { (document[$0.name.id], $0.value) }
            return "{" + entries.sorted { $0.0 < $1.0 }.map { $0.0 + ":" + canonical($0.1) }.joined(separator: " ") + "}"
        default: return printer.text(of: value)
        }
    }
}
