Feature: Who may ask, operation by operation
  Whatever can be asked for is asked by everybody who may not. Each is refused, is told nothing of the merchant's, and has changed
  nothing: what it asked for is afterwards done by the merchant itself, which shows too that the request was right.

  @id:access.closed @clause:access.closed @source:OWASP-API1-API2-2023 @level:must @negative @cap:access
  Scenario Outline: Nothing is told or done without a key, or with one that was never given out: <deed>
    Given the merchant's own <thing>
    When everybody without a right key <deed>
    Then all of them are refused
    And nothing of the merchant's is told
    And the merchant finds everything as it was

    @cap:store
    Examples:
      | deed                  | thing |
      | puts the card on file | card  |

    @cap:read
    Examples:
      | deed            | thing |
      | reads the token | token |

    Examples:
      | deed            | thing |
      | enrols the card | token |

    @cap:list
    Examples:
      | deed             | thing |
      | lists the tokens | token |

    @cap:list-cards
    Examples:
      | deed                    | thing |
      | lists the cards on file | token |

    @cap:update-card
    Examples:
      | deed                          | thing |
      | changes the month of the card | token |

    @cap:cryptogram-long
    Examples:
      | deed                       | thing |
      | asks for a long cryptogram | token |

    @cap:cryptogram-short @cap:card.visa
    Examples:
      | deed                        | thing      |
      | asks for a short cryptogram | Visa token |

    @cap:suspend
    Examples:
      | deed               | thing |
      | suspends the token | token |

    @cap:suspend @cap:resume
    Examples:
      | deed              | thing           |
      | resumes the token | suspended token |

    @cap:delete
    Examples:
      | deed              | thing |
      | deletes the token | token |

    @cap:delete-card
    Examples:
      | deed                    | thing |
      | takes the card off file | token |

    @cap:webhooks
    Examples:
      | deed                   | thing    |
      | registers for webhooks | endpoint |

    @cap:webhooks @cap:unlisten
    Examples:
      | deed                    | thing    |
      | takes the endpoint away | endpoint |

    @cap:pay-long
    Examples:
      | deed                             | thing           |
      | pays with the cryptogram in hand | long cryptogram |

    @cap:pay-short @cap:cryptogram-short @cap:card.visa
    Examples:
      | deed                                   | thing                            |
      | pays with the short cryptogram in hand | short cryptogram of a Visa token |

    @cap:pay-later
    Examples:
      | deed                                   | thing           |
      | authorizes with the cryptogram in hand | long cryptogram |

    @cap:pay-long @cap:pay-stored
    Examples:
      | deed                      | thing   |
      | charges the token on file | payment |

    @cap:pay-long @cap:read-payment
    Examples:
      | deed              | thing   |
      | reads the payment | payment |

    @cap:pay-later @cap:capture
    Examples:
      | deed                 | thing              |
      | captures the payment | authorized payment |

    @cap:pay-later @cap:void
    Examples:
      | deed                   | thing              |
      | takes the payment back | authorized payment |

    @cap:pay-later @cap:capture @cap:refund
    Examples:
      | deed                | thing            |
      | refunds the payment | captured payment |

  @id:access.apart @clause:access.apart @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant
  Scenario Outline: A merchant neither sees nor changes what is another's: <deed>
    Given the merchant's own <thing>
    When another merchant <deed>
    Then all of them are refused
    And nothing of the merchant's is told
    And the merchant finds everything as it was

    @cap:read
    Examples:
      | deed            | thing |
      | reads the token | token |

    @cap:card-on-file
    Examples:
      | deed            | thing |
      | enrols the card | token |

    @cap:update-card
    Examples:
      | deed                          | thing |
      | changes the month of the card | token |

    @cap:cryptogram-long
    Examples:
      | deed                       | thing |
      | asks for a long cryptogram | token |

    @cap:cryptogram-short @cap:card.visa
    Examples:
      | deed                        | thing      |
      | asks for a short cryptogram | Visa token |

    @cap:suspend
    Examples:
      | deed               | thing |
      | suspends the token | token |

    @cap:suspend @cap:resume
    Examples:
      | deed              | thing           |
      | resumes the token | suspended token |

    @cap:delete
    Examples:
      | deed              | thing |
      | deletes the token | token |

    @cap:delete-card
    Examples:
      | deed                    | thing |
      | takes the card off file | token |

    @cap:webhooks @cap:unlisten
    Examples:
      | deed                    | thing    |
      | takes the endpoint away | endpoint |

    @cap:pay-long @cap:read-payment
    Examples:
      | deed              | thing   |
      | reads the payment | payment |

    @cap:pay-later @cap:capture
    Examples:
      | deed                 | thing              |
      | captures the payment | authorized payment |

    @cap:pay-later @cap:void
    Examples:
      | deed                   | thing              |
      | takes the payment back | authorized payment |

    @cap:pay-later @cap:capture @cap:refund
    Examples:
      | deed                | thing            |
      | refunds the payment | captured payment |

  @id:access.apart-pays @clause:access.apart-pays @source:OWASP-API1-API2-2023 @level:must @negative @cap:access @cap:other-merchant
  Scenario Outline: A merchant does not pay with another's token: <deed>
    Given the merchant's own <thing>
    And the customer has paid with a <kind> cryptogram
    And a <kind> cryptogram has been issued
    When another merchant <deed>
    Then the payment is refused

    @cap:pay-short @cap:cryptogram-short @cap:card.visa
    Examples:
      | deed                                   | thing      | kind  |
      | pays with the short cryptogram in hand | Visa token | short |

    @cap:pay-long @cap:pay-later
    Examples:
      | deed                                   | thing | kind |
      | authorizes with the cryptogram in hand | token | long |

  @id:access.other-lists-cards @clause:access.other-lists-cards @source:OWASP-API1-API2-2023 @level:must @cap:access @cap:other-merchant @cap:list-cards @cap:card-on-file
  Scenario: A merchant's list holds none of another's cards
    Given an enrolled card
    When another merchant lists the cards on file
    Then the list of cards does not hold the card
