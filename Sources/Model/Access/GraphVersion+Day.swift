import StoreColumns

extension GraphVersion {
    /// The day on which it was published, in UTC: the day on which masks tell minors. The as-of date would be the asker's to choose.
    package var publishedDay: CivilDate {
        let microsecondsOfDay: Int64 = 86_400_000_000
        let (quotient, remainder) = publishedAt.microseconds.quotientAndRemainder(dividingBy: microsecondsOfDay)
        let days = remainder < 0 ? quotient - 1 : quotient
        // Before all days everybody is under age.
        return Int32(exactly: days).flatMap(CivilDate.init(days:)) ?? .earliest
    }
}
