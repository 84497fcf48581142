"""Pages of the worksheet and home. A verb is a small function: permission, form, one operation."""
