Feature: Who may call Visa
  Every request is signed over its time, path, query and body. What does not fit is turned away at the gateway, which says no
  more than that.

  Background:
    Given POST "/vts/panEnrollments" is answered with 201 to
      """
      {"encPaymentInstrument": "{visa_sealed}"}
      """

  @id:visa.unsigned @source:Visa-Developer-VTS-X-Pay-Token-Troubleshooting-Guide @level:must @negative
  Scenario: A request without key and signature is turned away
    When the same request is sent without credentials
    Then it is refused with 401 "9201"

  @id:visa.key @source:Visa-Developer-VTS-X-Pay-Token-Troubleshooting-Guide @level:must @negative
  Scenario: A key that is nobody's is turned away
    When the same request is sent with a key that is nobody's
    Then it is refused with 401 "9201"

  @id:visa.secret @source:Visa-Developer-VTS-X-Pay-Token-Troubleshooting-Guide @level:must @negative
  Scenario: A signature with another secret is turned away
    When the same request is sent signed with another secret
    Then it is refused with 401 "9159"

  @id:visa.body @source:Visa-Developer-VTS-X-Pay-Token-Troubleshooting-Guide @level:must @negative
  Scenario: A body that is not the one that was signed is turned away
    When the same request is sent with its body changed after it was signed
    Then it is refused with 401 "9159"

  @id:visa.stale @source:Visa-Developer-error-codes @level:must @negative
  Scenario: A signature that is more than eight minutes old is turned away
    When the same request is sent signed 600 seconds too early
    Then it is refused with 401 "9159"

  @id:visa.ahead @source:Visa-Developer-error-codes @level:must @negative
  Scenario: A signature that is more than eight minutes ahead is turned away
    When the same request is sent signed 600 seconds too late
    Then it is refused with 401 "9159"
