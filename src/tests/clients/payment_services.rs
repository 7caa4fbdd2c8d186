//! Stripe's, Adyen's and Checkout.com's clients.

use super::run;

/// Takes seconds: npm installs the clients the first time, and node reads them every time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_service_through_its_vendors_client() {
    run("services.mjs", 7).await;
}

/// Takes seconds, as above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_story_through_all_of_them() {
    run("story.mjs", 6).await;
}

/// Takes seconds, as above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stripes_client_keeps_customers_and_what_they_pay_with() {
    run("on_file.mjs", 6).await;
}

/// Takes seconds, as above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn customers_are_authenticated_through_their_clients() {
    run("secure.mjs", 3).await;
}

/// Takes seconds, as above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stripes_client_charges_searches_and_is_told_why_not() {
    run("charges.mjs", 3).await;
}
