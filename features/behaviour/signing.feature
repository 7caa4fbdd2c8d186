Feature: Signed requests
  Where requests are signed, a signature is for its own request, once and for a while. Whoever has listened cannot use it later.

  @id:signing.stale @clause:signing.stale @source:RFC-9421-signature-replay @level:must @negative @cap:access @cap:signature-life @cap:read
  Scenario: A signature that is too old lets nobody in
    Given an enrolled card
    When the token is read with a signature that is too old
    Then access is refused

  @id:signing.early @clause:signing.early @source:RFC-9421-signature-replay @level:must @negative @cap:access @cap:signature-life @cap:read
  Scenario: A signature of a time that is still to come lets nobody in
    Given an enrolled card
    When the token is read with a signature of a time that is still to come
    Then access is refused

  @id:signing.replayed @clause:signing.replayed @source:RFC-9421-signature-replay @level:must @negative @cap:access @cap:nonce-once @cap:read
  Scenario: A request that has been heard cannot be sent again
    Given an enrolled card
    When the token is read, and the same signed request is sent again
    Then access is refused
