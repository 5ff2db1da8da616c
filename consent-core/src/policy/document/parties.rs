use super::super::{Authority, Controller};
use super::{Node, Table, origin};
use alloc::borrow::ToOwned;
use alloc::string::String;

pub(super) fn controller(root: &mut Table<'_>) -> Option<Controller> {
    const HELP: &str = "write a table [controller] with name, address, email and phone";
    let mut table = root.require("controller", HELP)?.table(HELP)?;
    let name = text(&mut table, "name", "write the name of the company or person that runs the site");
    let address = text(&mut table, "address", "write the postal address");
    let email = email(&mut table);
    let phone = phone(&mut table);
    table.finish();
    Some(Controller { name: name?, address: address?, email: email?, phone: phone? })
}

pub(super) fn authority(root: &mut Table<'_>) -> Option<Authority> {
    const HELP: &str = "write a table [authority] with name and url: where a visitor can complain";
    let mut table = root.require("authority", HELP)?.table(HELP)?;
    let name = text(&mut table, "name", "write the name of the authority");
    let url = url(&mut table);
    table.finish();
    Some(Authority { name: name?, url: url? })
}

fn text(table: &mut Table<'_>, key: &'static str, help: &str) -> Option<String> {
    let node = table.require(key, help)?;
    node.text(help).map(|text| text.trim().to_owned())
}

fn email(table: &mut Table<'_>) -> Option<String> {
    const HELP: &str = "write the address that requests go to: \"privacy@example.com\"";
    let node = table.require("email", HELP)?;
    let text = node.text(HELP)?;
    let parts = text
        .split_once('@')
        .filter(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    let plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    if parts.is_some() && plain { Some(text.to_owned()) } else { node.invalid(HELP) }
}

fn phone(table: &mut Table<'_>) -> Option<String> {
    const HELP: &str = "write the telephone number: \"+44 20 7946 0000\"";
    let node = table.require("phone", HELP)?;
    let text = node.text(HELP)?.trim();
    if text.bytes().any(|b| b.is_ascii_digit()) { Some(text.to_owned()) } else { node.invalid(HELP) }
}

fn url(table: &mut Table<'_>) -> Option<String> {
    const HELP: &str = "write the address of its website: \"https://authority.example/\"";
    web_address(&table.require("url", HELP)?, HELP)
}

/// Parses the `https` address of a page.
pub(super) fn web_address(node: &Node<'_>, help: &str) -> Option<String> {
    let text = node.text(help)?;
    // The URL becomes the target of a link, so only a plain web address is valid.
    let visible = text.bytes().all(|b| b.is_ascii_graphic());
    let host = text.strip_prefix("https://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(rest));
    let named = host.is_some_and(origin::is_host_and_port);
    if visible && named { Some(text.to_owned()) } else { node.invalid(help) }
}
