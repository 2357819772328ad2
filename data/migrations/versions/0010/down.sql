-- 0010 down: nothing is proposed, and nothing of what was proposed is known.
DROP TABLE proposed_repair;
COMMENT ON COLUMN upload.acceptance IS 'who accepted it, and what they answered: what vanished kept or ended';
