Feature: PCP: data access of OEMs (getProvisioningCertificateV1, deleteProvisioningCertificateV1)
  Whether an OEM can change or read what another OEM has in the pool, or list what there is.

  Rule: An OEM writes only what bears its own WMIs [02_provisioning-certificate-pool.md § Data Access]

    @PCP-ACC-01 @mutates
    Scenario: Nobody else publishes
      Given a vehicle of the OEM
      When the other OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused, for it is about something of another
      And the pool does not hold that vehicle

    @PCP-ACC-01 @mutates
    Scenario: Nobody else updates
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      And a new certificate of that vehicle with a new key
      When the other OEM publishes the new certificate
      And the eMSP reads that vehicle afterwards
      Then the request is refused, for it is about something of another
      And the pool still holds the old certificate

    @PCP-ACC-01 @mutates
    Scenario: Nobody else deletes
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      When the other OEM deletes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused, for it is about something of another
      And the pool holds that vehicle

  Rule: An OEM learns nothing of the vehicles of others [02_provisioning-certificate-pool.md § Data Access; ERR-053]

    @PCP-ACC-04 @mutates
    Scenario Outline: Nobody else reads
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      When the other OEM <does> that vehicle
      Then it is withheld

      Examples:
        | does     |
        | reads    |
        | looks up |

  Rule: There is no list of vehicles [02_provisioning-certificate-pool.md § Data Access]

    @PCP-ACC-02
    Scenario Outline: Asking without a PCID
      When the <party> asks for <path> without saying which vehicle
      Then there is no list

      Examples:
        | party | path                         |
        | OEM   | /provisioningcertificates    |
        | eMSP  | /provisioningcertificates    |
        | OEM   | /provisioningcertificates/   |
        | OEM   | /provisioningcertificates/*  |
        | eMSP  | /provisioningcertificates/%2A |
        | eMSP  | /lookupvehicle               |
