"""安全保障体系: tenancy, accounts, policy, audit, keys."""
