/// What a synthetic register is made of: which rows, how many of them, and how each value is drawn. All words of the
/// register stand in the recipe; `Schema/formats/Generation.md` says what it can hold.
package struct GenerationRecipe: Hashable, Sendable {
    package var name: String
    /// What the README of a generated folder says of it.
    package var notice: String?
    /// What messages call the file.
    package var file: String
    /// The day of the register, `YYYY-MM-DD`, where the caller names none.
    package var asOf: Placed<String>?
    /// How the command line calls the number of rows that fixes the scale.
    package var scaleName: Placed<String>
    /// The rows that this number counts.
    package var scaleRows: Placed<String>
    package var lists: [RecipeList]
    /// The rows whose every one is a part, made apart from all others.
    package var parts: RecipeRows
}

/// Words, each with a weight.
package struct RecipeList: Hashable, Sendable {
    package var name: Placed<String>
    package var options: [RecipeOption]
}

/// One of several texts and how often it comes, in any unit.
package struct RecipeOption: Hashable, Sendable {
    /// Nil stands for no value.
    package var text: String?
    package var weight: Double
}

/// Rows of one kind below a row of another.
package struct RecipeRows: Hashable, Sendable {
    package var name: Placed<String>
    /// The type whose file gets a line for every row; nil where a row only holds others together.
    package var type: Placed<String>?
    /// How many there are below one row; nil: one.
    package var count: RecipeValue?
    /// How many of the scale's rows such a row takes from those of the row above; rows are made until all are taken.
    package var takes: RecipeValue?
    /// In order; a later one may use an earlier one.
    package var values: [RecipeNamedValue]
    package var fields: [RecipeNamedValue]
    package var rows: [RecipeRows]
}

package struct RecipeNamedValue: Hashable, Sendable {
    package var name: Placed<String>
    package var value: RecipeValue
}

/// How a value comes to be, and the line that says so.
package struct RecipeValue: Hashable, Sendable {
    package indirect enum Content: Hashable, Sendable {
        case constant(String)
        case template([RecipeTemplatePart])
        case formula(RecipeFormula)
        case choice([RecipeOption])
        /// The value of the first case whose text the formula has.
        case match(RecipeFormula, [RecipeCase], otherwise: RecipeValue?)
        /// The value of the first case whose bound the formula is below; bounds ascend.
        case below(RecipeFormula, [RecipeBand], otherwise: RecipeValue?)
        /// A number between those at equal distances of probability, the smallest and the greatest among them.
        case quantiles([Double])
        /// A row made before, below the same row of the kind `within`: at a position, or any.
        case row(of: String, within: String, at: RecipeFormula?)
    }
    package var content: Content
    package var line: Int
}

package struct RecipeCase: Hashable, Sendable {
    package var text: String
    package var value: RecipeValue
}

package struct RecipeBand: Hashable, Sendable {
    package var bound: Double
    package var value: RecipeValue
}

package enum RecipeTemplatePart: Hashable, Sendable {
    case text(String)
    /// A value: a number with at least so many digits, a day with 8 without hyphens.
    case value([String], width: Int)
}

/// `shelf.size > 2 ? round(normal(3, 1)) : 1`
package indirect enum RecipeFormula: Hashable, Sendable {
    package enum Operator: String, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case remainder = "%"
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case and = "&&"
        case or = "||"
    }

    case nothing
    case boolean(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    /// One name, or the name of a row and of a value of it.
    case name([String])
    case call(String, [RecipeFormula])
    case not(RecipeFormula)
    case negative(RecipeFormula)
    case binary(Operator, RecipeFormula, RecipeFormula)
    case conditional(RecipeFormula, RecipeFormula, RecipeFormula)
}
