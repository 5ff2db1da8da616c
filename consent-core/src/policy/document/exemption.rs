use super::super::Exemption;
use super::{MistakeKind, Node, words};

/// Parses the reason why something needs no consent.
pub(super) fn read(node: &Node<'_>) -> Option<Exemption> {
    let word = node.text("write the reason why it needs no consent: exempt = \"sign-in\"")?;
    let exemption = Exemption::from_word(word);
    if exemption.is_none() {
        let known = Exemption::ALL.map(Exemption::as_str);
        let help = words::instead_of(word, "a reason for which something needs no consent", &known);
        node.mistake(MistakeKind::UnknownExemption, help);
    }
    exemption
}
