use crate::cookies::read_date;
use alloc::format;
use alloc::string::String;

fn read(text: &str) -> String {
    read_date(text.as_bytes()).map_or_else(String::new, |read| format!("{} {}", read.date(), read.time()))
}

#[test]
fn dates_are_read_as_the_standard_says() {
    for text in [
        "Wed, 09 Jun 2021 10:18:14 GMT",
        "Wednesday, 09-Jun-21 10:18:14 GMT",
        "Wed Jun  9 10:18:14 2021",
        "2021 jun 9 10:18:14",
        "10:18:14 9 2021 June",
        "9th June 2021AD 10:18:14x",
        "Wed, 09 Jun 2021 10:18:14 +0200",
        "junk 9 JUNE junk 2021 10:18:14 99 10:00:00",
    ] {
        assert_eq!(read(text), "2021-06-09 10:18:14.0", "{text}");
    }
    assert_eq!(read("1 jan 69 0:0:0"), "2069-01-01 0:00:00.0");
    assert_eq!(read("1 jan 70 0:0:0"), "1970-01-01 0:00:00.0");
    assert_eq!(read("1 jan 1601 0:0:0"), "1601-01-01 0:00:00.0");
    assert_eq!(read("31 dec 9999 23:59:59"), "9999-12-31 23:59:59.0");
}

#[test]
fn what_is_no_date_is_not_read() {
    for text in [
        "",
        "junk",
        "0",
        "9 jun 2021",
        "jun 2021 10:18:14",
        "9 2021 10:18:14",
        "9 jun 10:18:14",
        "31 jun 2021 10:18:14",
        "29 feb 2021 10:18:14",
        "0 jun 2021 10:18:14",
        "32 jun 2021 10:18:14",
        "9 jun 1600 10:18:14",
        "9 jun 20211 10:18:14",
        "9 jun 2021 24:18:14",
        "9 jun 2021 10:60:14",
        "9 jun 2021 10:18:60",
        "9 jun 2021 010:18:14",
        "9 jun 2021 10:18",
        "2021-06-09T10:18:14Z",
    ] {
        assert_eq!(read(text), "", "{text}");
    }
}
