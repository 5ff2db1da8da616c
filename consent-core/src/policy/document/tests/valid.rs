use crate::policy::example;

#[test]
fn the_founding_policy_has_no_mistakes() {
    let policy = example().map_err(|error| std::format!("{error}")).unwrap();
    assert_eq!(policy.storage().len(), 3);
}
