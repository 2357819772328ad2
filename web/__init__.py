"""What people see: pages, labels, maps, the sketch and the certificate. No routing and no SQL."""
