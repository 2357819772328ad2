"""What people see: pages, maps, labels and the printed certificate."""
