"""What the people of a campaign do, from the public page to the award, as steps that must succeed."""
