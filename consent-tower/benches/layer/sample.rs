//! Pages as sites write them, with nothing gated in them.

use std::fmt::Write;

/// A page of about 10 KB, with its own scripts and pictures, and with this many links to other sites.
pub(crate) fn page(links: usize) -> String {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>News</title>\n\
         <link rel=\"stylesheet\" href=\"/main.css\">\n<link rel=\"icon\" href=\"/icon.svg\">\n\
         <script src=\"/main.js\" defer></script>\n</head>\n<body class=\"front\">\n\
         <nav><a href=\"/\">Home</a><a href=\"/news\">News</a><a href=\"/about\">About</a></nav>\n<main>\n",
    );
    for number in 0..11 {
        // Writing to a `String` cannot fail.
        let _ = write!(
            page,
            "<article id=\"a{number}\" class=\"card card--wide\"><header><h2><a href=\"/news/{number}?from=list&amp;n=1\">\
             Headline number {number}</a></h2><time datetime=\"2026-11-23\">Today</time></header>\n\
             <p>Some text that goes on for a while, as the text of articles does, with <em>some</em> markup in it and \
             <a href=\"/elsewhere\">a link</a> or <a href=\"/another\">two</a>. Another sentence follows it, so that \
             there is more text than markup.</p>\n\
             <ul class=\"tags\"><li><a href=\"/t/1\">one</a></li><li><a href=\"/t/2\">two</a></li></ul>\
             <img src=\"/i/{number}.jpg\" alt=\"A picture\" width=\"640\" height=\"480\" loading=\"lazy\">\n\
             <div class=\"share\"><button type=\"button\" class=\"share__button\">Share</button></div></article>\n",
        );
    }
    page.push_str("</main>\n<ul class=\"links\">\n");
    for number in 0..links {
        let _ = writeln!(
            page,
            "<li><a href=\"https://site-{number}.example/articles/{number}\">An article elsewhere</a></li>"
        );
    }
    page.push_str(
        "</ul>\n<script>document.querySelector(\".front\").dataset.ready = 1 < 2;</script>\n\
         <footer><a href=\"/imprint\">Imprint</a></footer>\n</body>\n</html>\n",
    );
    page
}
