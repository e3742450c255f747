Feature: The mark of a broadcast

  Rule: The mark is true or false

    @POOL-PCP-12
    Scenario: Neither
      Given a vehicle of the OEM
      When the eMSP reads that vehicle, with broadcast "x"
      Then the answer is 400
