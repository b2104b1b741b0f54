/// How another system's files become rows of the model: file → types, column → field, value → value.
///
/// Read from `Schema/imports/<system>.yaml`. It knows no model: names of types, fields and columns keep their lines, so that whoever
/// joins it with a model can say where one is wrong.
///
/// ```yaml
/// name: library-csv
/// files:
///   books.csv:
///     ignore: [shelf_mark]
///     types:
///       - type: Book
///         fields:
///           number: id                                # a column
///           publishedOn: "{published_year}-01-01"     # a template: nothing where a column is empty
///           genre: {column: kind, values: {N: NOVEL}, otherwise: keep}
///           source: {constant: library-csv}
///       - type: Loan
///         when: {lent_on: {present: true}}
///         fields: {…}
/// ignore-files: [log.csv]
/// ```
package struct ImportMapping: Hashable, Sendable {
    /// The system, as the import is called.
    package var name: String
    /// The file it was read from, for messages.
    package var file: String
    package var description: String?
    package var files: [FileMapping]
    /// Files that are known and of no interest.
    package var ignoredFiles: [Placed<String>]
}

/// What one file of the other system holds. A folder may lack it, unless another file looks something up in it.
package struct FileMapping: Hashable, Sendable {
    package var name: Placed<String>
    package var types: [TypeMapping]
    /// Columns that are known and of no interest.
    package var ignoredColumns: [Placed<String>]
}

/// The rows of one type that the rows of a file make.
package struct TypeMapping: Hashable, Sendable {
    package var type: Placed<String>
    /// All must hold for a row to make one.
    package var conditions: [ColumnCondition]
    /// Rows with a key that came before are left out, not refused.
    package var isDistinct: Bool
    /// Rows in which one of these fields would have no value are left out.
    package var neededFields: [Placed<String>]
    package var fields: [FieldSourceMapping]
}

package struct FieldSourceMapping: Hashable, Sendable {
    package var field: Placed<String>
    package var source: ValueSource
    package init(field: Placed<String>, source: ValueSource) {
        self.field = field
        self.source = source
    }
}

/// A test on the text of one column.
package struct ColumnCondition: Hashable, Sendable {
    package enum Test: Hashable, Sendable {
        case isPresent(Bool)
        case isOneOf([String])
        case isNoneOf([String])
    }
    package var column: Placed<String>
    package var test: Test
    package init(column: Placed<String>, test: Test) {
        self.column = column
        self.test = test
    }
}

/// Where the text of a field comes from. Nothing comes out where a column it needs is empty.
package indirect enum ValueSource: Hashable, Sendable {
    case column(Placed<String>)
    case constant(String)
    /// Text and columns by turns.
    case template([TemplatePart])
    /// The later of dates, of those that are there.
    case laterOf([ValueSource])
    /// The first that is there: `default:` and `first-of:`.
    case firstOf([ValueSource])
    /// Some characters of a text, the first counted as 1.
    case characters(ValueSource, from: Int, count: Int)
    /// One of several texts that stand in one, parted by a separator; the first counted as 1.
    case part(ValueSource, number: Int, separator: String)
    case translated(ValueSource, [String: String], otherwise: Otherwise)
    case conditional([ColumnCondition], ValueSource)
    /// The column `take` of the row of another file whose column `match` has the text of `with`.
    case lookUp(file: Placed<String>, match: Placed<String>, with: ValueSource, take: Placed<String>, otherwise: Otherwise)
}

extension FileMapping {
    /// Every column that is read, or known and of no interest.
    package var columnNames: Set<String> {
        var names = Set(ignoredColumns.map(\.value))
        for type in types {
            names.formUnion(type.conditions.map(\.column.value))
            for field in type.fields { field.source.addColumns(to: &names) }
        }
        return names
    }
}

extension ValueSource {
    /// Those of the same file.
    fileprivate func addColumns(to names: inout Set<String>) {
        switch self {
        case .column(let name): names.insert(name.value)
        case .constant: break
        case .template(let parts):
            for case .column(let name) in parts { names.insert(name.value) }
        case .laterOf(let sources), .firstOf(let sources):
            for source in sources { source.addColumns(to: &names) }
        case .characters(let source, _, _), .part(let source, _, _), .translated(let source, _, _),
            .lookUp(_, _, let source, _, _):
            source.addColumns(to: &names)
        case .conditional(let conditions, let source):
            names.formUnion(conditions.map(\.column.value))
            source.addColumns(to: &names)
        }
    }
}

package enum TemplatePart: Hashable, Sendable {
    case text(String)
    case column(Placed<String>)
}

/// What becomes of a text that `values` does not list, or that a look-up does not find.
package enum Otherwise: Hashable, Sendable {
    /// A problem of the row: the standard.
    case refuse
    case keep
    /// No value.
    case nothing
    case constant(String)
}
