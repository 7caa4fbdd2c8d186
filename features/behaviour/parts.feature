Feature: Requests with one part wrong
  A merchant's software leaves something out, sends a list where a number belongs, or asks for a name that nobody has. Whatever it
  is, the target does not fail over it, and what could mean nothing is not taken.

  @id:robustness.parts @clause:robustness.parts @clause:robustness.types @source:RFC-9110-client-error @level:must @negative @cap:access
  Scenario Outline: No part of a request that is wrong makes the target fail, and what cannot be is refused: <deed>
    Given the merchant's own <thing>
    When the merchant <deed>, with each part of the request wrong in turn
    Then the target never fails by itself
    And what cannot be is refused each time
    And every answer is one whole document, and called what it is

    @cap:store
    Examples:
      | deed                  | thing |
      | puts the card on file | card  |

    Examples:
      | deed            | thing |
      | enrols the card | token |

    @cap:read
    Examples:
      | deed            | thing |
      | reads the token | token |

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
